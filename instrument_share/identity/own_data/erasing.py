"""Erasing an account: what is personal goes, what must stay keeps a number in place of a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ...foundation.database import db
from ...foundation.errors import NotFound
from .. import audit
from ..acting import actor_of, forget_actors
from ..models import Person
from ..rules import Permission, may, subject
from ..turns import take_turn_over_administrators
from .errors import ErasureHindered
from .registry import Erasure, Hindrance, parts


def erase(person_id: int, *, by: Person, at: datetime, reason: str = "") -> None:
    """Overwrite and remove what is personal, floor by floor from the highest down.

    What the ledgers, statements, letters and the trail hold stays as it is. Raises NotFound where `by` may not, and
    ErasureHindered while something must be settled first.
    """
    take_turn_over_administrators(by)
    person = erasable(person_id, by, to_change=True)
    if hindrances_of(person, at):
        raise ErasureHindered()
    erasure = Erasure(person, at)
    for part in reversed(parts()):
        if part.erase is not None:
            part.erase(erasure)
            db.session.flush()
    forget_actors()
    why = {"reason": reason} if reason else {}
    audit.record("account.erase", "person", person.id, by=by.id, at=at, **why)


def erasable(person_id: int, by: Person, *, to_change: bool = False) -> Person:
    """The person, where `by` may erase the account: one's own, or any for whoever runs the site. Raises NotFound."""
    person = db.session.get(
        Person, person_id, with_for_update=to_change or None, populate_existing=to_change
    )
    if person is None or person.erased_at is not None:
        raise NotFound()
    if not may(actor_of(by), Permission.ERASE_ACCOUNT, subject(owner_id=person.id)):
        raise NotFound()
    return person


def hindrances_of(person: Person, at: datetime) -> Sequence[Hindrance]:
    """What must be settled first, each with the page where that is done."""
    asked = (part.hindrances for part in parts() if part.hindrances is not None)
    return [hindrance for ask in asked for hindrance in ask(person, at)]
