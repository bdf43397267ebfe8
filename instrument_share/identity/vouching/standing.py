"""A liaison takes back their word for somebody, or suspends an account of their institution."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from ...foundation.database import db
from ...foundation.errors import NotFound
from ...foundation.signals import vouching_changed
from .. import audit
from ..acting import actor_of
from ..models import AuditEntry, Person, RoleGrant
from ..rules import Permission, Role, Verification, may
from ..services.deputies import end_standing_in
from ..services.roles import belonging, reinstated, suspended
from .errors import HoldsOffice, NotYourSuspension


def withdraw_vouching(person_id: int, reason: str, *, by: Person, at: datetime) -> Person:
    """Nobody vouches for the person any more: they ask for no more time, and are told why. What they booked stays.

    Raises NotFound for people whom the liaison does not look after.
    """
    person = looked_after(person_id, by)
    if person.verification == Verification.VOUCHED:
        person.verification = Verification.UNVERIFIED
        db.session.execute(
            delete(RoleGrant).where(
                RoleGrant.person_id == person.id,
                RoleGrant.role == Role.RESEARCHER,
                RoleGrant.scope_kind == "institution",
                RoleGrant.scope_id == person.institution_id,
            )
        )
        end_standing_in(person.id, at)
        audit.record("account.unvouch", "person", person.id, by=by.id, at=at, reason=reason)
        vouching_changed.send(person, what="withdrawn", by=by, at=at, reason=reason)
    db.session.flush()
    return person


def suspend_colleague(person_id: int, reason: str, *, by: Person, at: datetime) -> Person:
    """End every session and token of somebody of the liaison's institution, and let them in no more.

    Raises NotFound for people whom the liaison does not look after, HoldsOffice.
    """
    person = looked_after(person_id, by)
    if any(role != Role.RESEARCHER for role, _ in actor_of(person).grants):
        raise HoldsOffice()
    if person.is_active:
        suspended(person, by=by, at=at, reason=reason)
    return person


def reinstate_colleague(person_id: int, *, by: Person, at: datetime) -> Person:
    """Open an account again that this liaison suspended. Raises NotFound, NotYourSuspension."""
    person = looked_after(person_id, by)
    if not person.is_active:
        if _who_suspended(person) != by.id:
            raise NotYourSuspension()
        reinstated(person, by=by, at=at)
    return person


def looked_after(person_id: int, by: Person) -> Person:
    """The person, for their liaison. Nobody looks after themself. Raises NotFound."""
    person = db.session.get(Person, person_id)
    if person is None or person.id == by.id:
        raise NotFound()
    if not may(actor_of(by), Permission.VOUCH, belonging(person)):
        raise NotFound()
    return person


def _who_suspended(person: Person) -> int | None:
    return db.session.scalar(
        select(AuditEntry.actor_id)
        .where(
            AuditEntry.subject_kind == "person",
            AuditEntry.subject_id == str(person.id),
            AuditEntry.action == "account.suspend",
        )
        .order_by(AuditEntry.sequence.desc())
        .limit(1)
    )
