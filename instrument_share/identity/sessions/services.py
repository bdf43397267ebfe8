"""Sessions begin, are seen, and end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, select, update

from ...foundation.database import db
from ...foundation.errors import NotFound
from ...foundation.identifiers import digest_of, new_secret
from ...foundation.signals import everything_ended
from .. import audit
from ..lockout import lock_out
from ..models import Person
from .models import SignInSession
from .rules import IDLE, LONGEST


def open_session(person: Person, user_agent: str, *, at: datetime) -> str:
    """A new session of the person; returns the secret that its cookie holds."""
    secret = new_secret()
    db.session.add(
        SignInSession(
            person_id=person.id,
            digest=digest_of(secret),
            serial=person.session_serial,
            user_agent=user_agent[:300],
            started_at=at,
            seen_at=at,
        )
    )
    db.session.flush()
    return secret


def note_seen(secret: str, *, at: datetime) -> None:
    """The session is still in use."""
    db.session.execute(
        update(SignInSession).where(SignInSession.digest == digest_of(secret)).values(seen_at=at)
    )


def close_session(secret: str, *, at: datetime) -> None:
    """The session of this secret is over; one that is not known is over already."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.digest == digest_of(secret), SignInSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_session(session_id: int, *, by: Person, at: datetime) -> None:
    """End one of one's own sessions: it is signed out with its next request. Raises NotFound."""
    row = db.session.get(SignInSession, session_id)
    if row is None or row.person_id != by.id:
        raise NotFound()
    if row.ended_at is None:
        row.ended_at = at
        audit.record("session.end", "session", row.id, by=by.id, at=at)
    db.session.flush()


def end_everything(person: Person, *, at: datetime, addresses: bool = False) -> int:
    """Sign the person out everywhere, here as well, and their programs: returns how many tokens that ended."""
    ended = lock_out(person, by=person, at=at, addresses=addresses)
    audit.record("session.end_all", "person", person.id, by=person.id, at=at, **ended)
    everything_ended.send(person, at=at)
    return int(ended["tokens"])


def sessions_of(person: Person, at: datetime) -> Sequence[SignInSession]:
    """The person's sessions that still open something, the one seen last first."""
    query = select(SignInSession).where(
        SignInSession.person_id == person.id,
        SignInSession.serial == person.session_serial,
        *_lasting(at - LONGEST, at - IDLE),
    )
    return db.session.scalars(query.order_by(SignInSession.seen_at.desc())).all()


def forget_sessions_before(moment: datetime) -> int:
    """Forget the sessions that were not seen since; returns how many."""
    gone = delete(SignInSession).where(SignInSession.seen_at < moment)
    return len(db.session.execute(gone.returning(SignInSession.id)).all())


def _lasting(started_after: object, seen_after: object) -> tuple[ColumnElement[bool], ...]:
    return (
        SignInSession.ended_at.is_(None),
        SignInSession.started_at > started_after,
        SignInSession.seen_at > seen_after,
    )


#: The person of a session that lasts: a condition for the statement that reads the person anyway.
IS_SIGNED_IN = and_(
    exists().where(
        SignInSession.digest == bindparam("digest"),
        SignInSession.person_id == Person.id,
        SignInSession.serial == Person.session_serial,
        *_lasting(bindparam("started_after"), bindparam("seen_after")),
    ),
    Person.suspended_at.is_(None),
)
