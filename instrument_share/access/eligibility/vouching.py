"""Asking one's institution to vouch for one: its liaisons get a single message, at most once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ...foundation.database import db
from ...foundation.signals import vouching_asked
from ...foundation.upsert import insert_into
from ...identity import audit
from ...identity.acting import holders_of
from ...identity.models import Person
from ...identity.rules import Role, Scope, Verification
from ..errors import AskedAlready, NobodyToAsk
from .models import VouchingRequest

#: So long is between two messages to the liaisons.
PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Vouching:
    """Where somebody stands: vouched for already, how many liaisons there are to ask, when they were asked last."""

    vouched: bool
    liaisons: int
    asked_at: datetime | None
    may_ask: bool


def vouching_of(person: Person, at: datetime) -> Vouching:
    row = db.session.get(VouchingRequest, person.id)
    asked_at = row.asked_at if row else None
    vouched = person.verification == Verification.VOUCHED
    liaisons = len(_liaisons_of(person, at.date()))
    rested = asked_at is None or asked_at <= at - PAUSE
    return Vouching(vouched, liaisons, asked_at, bool(liaisons) and rested and not vouched)


def ask_to_vouch(*, by: Person, at: datetime) -> list[int]:
    """Send the liaisons of the person's institution one message; returns whom.

    Raises NobodyToAsk where there is none (or nothing to ask for), and AskedAlready within a day of the last time.
    """
    liaisons = _liaisons_of(by, at.date())
    if not liaisons or by.verification == Verification.VOUCHED:
        raise NobodyToAsk()
    if not _note(by, at):
        raise AskedAlready()
    audit.record("vouching.asked", "person", by.id, by=by.id, at=at)
    vouching_asked.send(by, liaisons=liaisons, at=at)
    return liaisons


def _note(person: Person, at: datetime) -> bool:
    """Whether this is the first time today, however many ask at the same moment."""
    insert = insert_into(VouchingRequest)
    written = db.session.execute(
        insert.values(person_id=person.id, asked_at=at)
        .on_conflict_do_update(
            index_elements=["person_id"],
            set_={"asked_at": at},
            where=VouchingRequest.asked_at <= at - PAUSE,
        )
        .returning(VouchingRequest.person_id)
    )
    return written.first() is not None


def _liaisons_of(person: Person, today: date) -> list[int]:
    if person.institution_id is None:
        return []
    own = [Scope("institution", person.institution_id)]
    return [each for each in holders_of(Role.LIAISON, own, today) if each != person.id]
