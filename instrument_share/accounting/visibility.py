"""Which rows of use and billing a person may see, as conditions on columns."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select

from ..booking.models import Booking
from ..catalogue.models import Facility
from ..catalogue.within import institution_within, instrument_within
from ..identity.acting import actor_of
from ..identity.models import Person
from ..identity.rules import OWNER, PERMISSIONS, Permission, scopes_held
from .models import Statement, UsageRecord


def usage_served_by(person: Person, permission: Permission) -> ColumnElement[bool]:
    """Condition on usage joined with Instrument and Facility: the person is allowed `permission` on the host's side."""
    return instrument_within(scopes_held(actor_of(person), permission, "host"))


def usage_seen_by(person: Person) -> ColumnElement[bool]:
    """Condition on usage joined with Booking, Instrument and Facility: the person may see the record."""
    held = scopes_held(actor_of(person), Permission.SEE_USAGE, "payer")
    own = (
        Booking.applicant_id == person.id if OWNER in PERMISSIONS[Permission.SEE_USAGE] else false()
    )
    return or_(
        own,
        usage_served_by(person, Permission.SEE_USAGE),
        institution_within(UsageRecord.institution_id, held),
    )


def statements_seen_by(person: Person) -> ColumnElement[bool]:
    """Condition on Statement: the person may see it.

    A statement is one document for all of a host's facilities, so whoever may see statements at one of them
    sees the host's.
    """
    actor = actor_of(person)
    by_host = scopes_held(actor, Permission.SEE_STATEMENT, "host")
    by_payer = scopes_held(actor, Permission.SEE_STATEMENT, "payer")
    facilities = select(Facility.host_id).where(Facility.id.in_(by_host.ids("facility")))
    return or_(
        institution_within(Statement.host_id, by_host),
        Statement.host_id.in_(facilities),
        institution_within(Statement.payer_id, by_payer),
    )
