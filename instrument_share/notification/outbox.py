"""The outbox: workers claim messages for a while, send them, and write down what became of each.

A claim is one statement that skips what another worker holds, so two workers never send the same
message. A worker that dies lets go of its claims when their lease runs out. Only one that dies
between handing a mail over and writing that down makes it go twice; both mails have the same
Message-ID then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from ..foundation.database import db
from ..foundation.transaction import perform
from .digests.models import MessageWishes
from .digests.rules import Plan, Way, Wishes
from .digests.services import carry_out, plan_for
from .mail import compose
from .models import Message
from .rules import LEASE, MAIL_ONLY, Kind, wait_after
from .transport import Transport, Undeliverable

#: Messages claimed at once: few enough to be sent within their lease.
_BATCH = 20
_LONGEST_ERROR = 300


def send_due(
    transport: Transport,
    *,
    worker: str,
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due, one mail after the other, until `stop`. Returns how many went out.

    Mails that cannot be sent are tried again later, each time after twice the wait, and given up
    in the end.
    """
    sent = 0
    for message, wishes in _claimed(perform(claim_due, worker=worker, at=now())):
        if stop() or not _is_still_ours(message, now()):
            perform(release_claims, worker=worker)
            break
        plan = plan_for(message, wishes, now())
        if plan.way is Way.SEND:
            sent += _send(message, transport, worker, now)
        else:
            perform(let_wait, message.id, plan, worker=worker)
    return sent


def claim_due(*, worker: str, at: datetime) -> list[int]:
    """Claim the messages that have been due longest, and tell their ids."""
    due = (
        select(Message.id)
        .where(
            Message.next_attempt_at <= at,
            or_(Message.claimed_until.is_(None), Message.claimed_until <= at),
        )
        .order_by(Message.next_attempt_at, Message.id)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(Message)
        .where(Message.id.in_(due.scalar_subquery()))
        .values(claimed_by=worker, claimed_until=at + LEASE)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(db.session.scalars(claim))


def release_claims(*, worker: str) -> None:
    """Let others send what the worker has claimed and not sent."""
    db.session.execute(
        update(Message)
        .where(Message.claimed_by == worker)
        .values(claimed_by=None, claimed_until=None)
        .execution_options(synchronize_session=False)
    )


def record_sent(message_id: int, *, worker: str, at: datetime) -> None:
    """The mail is out. Secrets that it carried are forgotten."""
    message = _mine(message_id, worker)
    if message:
        message.sent_at = at
        message.attempts += 1
        _close(message)
        _settle_members(message, sent_at=at)


def record_failure(
    message_id: int, error: Exception, *, worker: str, at: datetime, final: bool = False
) -> None:
    """The mail is not out: try again later, or give up."""
    message = _mine(message_id, worker)
    if message is None:
        return
    message.attempts += 1
    message.last_error = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
    wait = None if final else wait_after(message.attempts)
    if wait is None:
        message.failed_at = at
        _close(message)
        _settle_members(message, failed_at=at)
    else:
        message.next_attempt_at = at + wait
        message.claimed_by = message.claimed_until = None


def let_wait(message_id: int, plan: Plan, *, worker: str) -> None:
    """The reader wants it later, in a digest, or not by mail."""
    message = _mine(message_id, worker)
    if message:
        carry_out(message, plan)


def _send(message: Message, transport: Transport, worker: str, now: Callable[[], datetime]) -> int:
    try:
        transport.send(compose(message))
    except Exception as error:  # whatever it is, it must not hold up the mails behind it
        final = isinstance(error, Undeliverable)
        perform(record_failure, message.id, error, worker=worker, at=now(), final=final)
        return 0
    perform(record_sent, message.id, worker=worker, at=now())
    return 1


def _claimed(ids: Sequence[int]) -> list[tuple[Message, Wishes]]:
    rows = db.session.execute(
        select(Message, MessageWishes)
        .outerjoin(MessageWishes, MessageWishes.person_id == Message.person_id)
        .where(Message.id.in_(ids))
        .options(joinedload(Message.person))
        .order_by(Message.id)
        .execution_options(populate_existing=True)
    )
    return [(message, kept.wishes if kept else Wishes()) for message, kept in rows]


def _is_still_ours(message: Message, at: datetime) -> bool:
    return message.claimed_until is not None and at < message.claimed_until


def _mine(message_id: int, worker: str) -> Message | None:
    """The message, unless another worker has taken it over meanwhile."""
    return db.session.scalar(
        select(Message)
        .where(Message.id == message_id, Message.claimed_by == worker)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _settle_members(digest: Message, **values: datetime) -> None:
    """What a digest held has gone with it."""
    if digest.kind == Kind.DIGEST:
        db.session.execute(
            update(Message)
            .where(Message.digest_id == digest.id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _close(message: Message) -> None:
    message.next_attempt_at = message.claimed_by = message.claimed_until = None
    if message.kind in MAIL_ONLY:
        message.facts = {}
