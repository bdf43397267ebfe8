"""Reading connections, as far as their reader may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...catalogue.queries import scopes_of
from ...catalogue.rules import AccessMode
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.acting import actor_of, holders_of_any
from ...identity.models import Person
from ...identity.queries import names_of
from ...identity.rules import PROGRAMME, Permission, Role, may
from ..models import Booking
from ..queries import booking_for, subject_of
from .models import Connection, ConnectionCheck


def remote_booking(person: Person, reference: str, *, to_change: bool = False) -> Booking:
    """A remote booking that the person may see. Raises NotFound."""
    booking = booking_for(person, reference, to_change=to_change)
    if booking.access_mode != AccessMode.REMOTE:
        raise NotFound()
    return booking


def may_run(person: Person, booking: Booking) -> bool:
    return may(actor_of(person), Permission.RUN_BOOKING, subject_of(booking))


def connection_of(booking: Booking) -> Connection | None:
    return db.session.scalar(
        select(Connection)
        .options(joinedload(Connection.operator))
        .where(Connection.booking_id == booking.id)
    )


def on_duty_at(booking: Booking) -> list[int]:
    """The id of whoever attends the remote use, once somebody is named."""
    query = select(Connection.operator_id).where(Connection.booking_id == booking.id)
    return list(db.session.scalars(query))


def checks_of(booking: Booking) -> Mapping[str, ConnectionCheck]:
    """The checks that are done, by code."""
    rows = db.session.scalars(
        select(ConnectionCheck)
        .options(joinedload(ConnectionCheck.done_by))
        .where(ConnectionCheck.booking_id == booking.id)
    )
    return {row.code: row for row in rows}


def operators_for(booking: Booking, today: date) -> dict[int, str]:
    """Who may be on duty: everybody who runs the instrument, by id."""
    scopes = [PROGRAMME, *scopes_of(booking.instrument)]
    return names_of(holders_of_any((Role.OPERATOR, Role.FACILITY_MANAGER), scopes, today))
