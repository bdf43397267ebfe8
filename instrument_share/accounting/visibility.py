"""Which rows of use and billing a person may see, as conditions on columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from ..booking.models import Booking
from ..catalogue.models import Facility, Instrument
from ..identity.acting import actor_of
from ..identity.models import Person
from ..identity.rules import OWNER, PERMISSIONS, Permission, Scope, scopes_held
from .models import Statement, UsageRecord


def usage_served_by(person: Person, permission: Permission) -> ColumnElement[bool]:
    """Condition on usage joined with Instrument and Facility: the person is allowed `permission` on the host's side."""
    held = scopes_held(actor_of(person), permission, "host")
    return _any_of(
        held,
        {
            "institution": Facility.host_id,
            "facility": Instrument.facility_id,
            "instrument": Instrument.id,
        },
    )


def usage_seen_by(person: Person) -> ColumnElement[bool]:
    """Condition on usage joined with Booking, Instrument and Facility: the person may see the record."""
    held = scopes_held(actor_of(person), Permission.SEE_USAGE, "payer")
    own = (
        Booking.applicant_id == person.id if OWNER in PERMISSIONS[Permission.SEE_USAGE] else false()
    )
    return or_(
        own,
        usage_served_by(person, Permission.SEE_USAGE),
        _any_of(held, {"institution": UsageRecord.institution_id}),
    )


def statements_seen_by(person: Person) -> ColumnElement[bool]:
    """Condition on Statement: the person may see it.

    A statement is one document for all of a host's facilities, so whoever may see statements at one of them
    sees the host's.
    """
    actor = actor_of(person)
    by_host = scopes_held(actor, Permission.SEE_STATEMENT, "host")
    by_payer = scopes_held(actor, Permission.SEE_STATEMENT, "payer")
    facilities = select(Facility.host_id).where(Facility.id.in_(_ids(by_host, "facility")))
    return or_(
        _any_of(by_host, {"institution": Statement.host_id}),
        Statement.host_id.in_(facilities),
        _any_of(by_payer, {"institution": Statement.payer_id}),
    )


def _any_of(scopes: frozenset[Scope], columns: dict[str, Any]) -> ColumnElement[bool]:
    if any(scope.kind == "programme" for scope in scopes):
        return true()
    within = [column.in_(_ids(scopes, kind)) for kind, column in columns.items()]
    return or_(*within)


def _ids(scopes: frozenset[Scope], kind: str) -> list[int]:
    return sorted(scope.id for scope in scopes if scope.kind == kind and scope.id is not None)
