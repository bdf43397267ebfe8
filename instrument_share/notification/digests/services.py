"""Wishing, unsubscribing, and doing what is wished with a message that is due."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...foundation.upsert import insert_into
from ...identity.models import Person
from ..facts import begins_at
from ..models import Message
from ..rules import Kind
from ..services import new_message_id
from .models import MessageWishes
from .rules import Group, Pace, Plan, Way, Wishes, plan_of

_SALT = "unsubscribe from digests"


def wishes_of(person: Person) -> Wishes:
    """What the person wishes; without a word, everything at once."""
    kept = db.session.get(MessageWishes, person.id, populate_existing=True)
    return kept.wishes if kept else Wishes()


def wish(wishes: Wishes, *, by: Person, at: datetime) -> None:
    """From now on mails to the person come so. Digests that have begun to fill still go."""
    said = {
        "paces": {group: Pace(wishes.paces.get(group, Pace.SINGLE)) for group in Group},
        "hour": wishes.hour,
        "weekday": wishes.weekday,
        "quiet_from": wishes.quiet.start if wishes.quiet else None,
        "quiet_until": wishes.quiet.end if wishes.quiet else None,
        "changed_at": at,
    }
    row = insert_into(MessageWishes).values(person_id=by.id, **said)
    db.session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=said))


def unsubscribe_token(person_id: int) -> str:
    """What a digest's one-click address ends with (RFC 8058): it can do nothing but this."""
    return str(_serializer().dumps(person_id))


def unsubscribe(token: str, *, at: datetime) -> None:
    """No digests any more: what they told stays on the site. Raises NotFound for a token that is not ours."""
    kept = db.session.get(MessageWishes, check_token(token), with_for_update=True)
    if kept is None:
        return
    digested = (Pace.DAILY, Pace.WEEKLY)
    kept.paces = {
        group: Pace.NONE if pace in digested else pace for group, pace in kept.paces.items()
    }
    kept.changed_at = at
    db.session.flush()


def check_token(token: str) -> int:
    """The id of the person whom a token unsubscribes. Raises NotFound for one that is not ours."""
    try:
        return int(_serializer().loads(token))
    except (BadSignature, ValueError):
        raise NotFound() from None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=_SALT)


def plan_for(message: Message, wishes: Wishes, at: datetime) -> Plan:
    """What becomes of a message that is due now. No mail goes to an erased account."""
    if message.person.erased_at is not None:
        return Plan(Way.DROP)
    kind, reader_zone = Kind(message.kind), zone(message.person.time_zone)
    return plan_of(kind, wishes, reader_zone, at, begins=begins_at(message))


def carry_out(message: Message, plan: Plan) -> None:
    """Let a message wait as planned. The caller holds its row."""
    if plan.way is Way.HOLD:
        message.next_attempt_at = plan.at
    else:
        message.next_attempt_at = None
    if plan.way is Way.DIGEST and plan.at is not None:
        message.digest_id = _digest_of(message.person_id, plan.at).id
    message.claimed_by = message.claimed_until = None
    db.session.flush()


def _digest_of(person_id: int, due: datetime) -> Message:
    """The person's digest that goes at `due`, which lies ahead: nobody sends it yet, so that nothing comes too late.

    Whoever looks for it holds the row of the person's wishes, so that two workers do not begin two.
    """
    db.session.execute(
        select(MessageWishes.person_id)
        .where(MessageWishes.person_id == person_id)
        .with_for_update()
    )
    digest = db.session.scalar(
        select(Message).where(
            Message.person_id == person_id,
            Message.kind == Kind.DIGEST,
            Message.next_attempt_at == due,
            Message.attempts == 0,
            Message.claimed_by.is_(None),
        )
    )
    return digest or _begun_digest(person_id, due)


def _begun_digest(person_id: int, due: datetime) -> Message:
    digest = Message(
        message_id=new_message_id(),
        person_id=person_id,
        kind=Kind.DIGEST,
        facts={},
        created_at=due,
        next_attempt_at=due,
    )
    db.session.add(digest)
    db.session.flush()
    return digest
