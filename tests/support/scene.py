"""An instrument in Shanghai, the people of its approval route, and a researcher in Almaty who wants it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from instrument_share.booking import services
from instrument_share.booking.models import Booking
from instrument_share.catalogue.models import Instrument
from instrument_share.identity.models import Person
from instrument_share.identity.rules import Role, Scope

from .builders import (
    AT,
    grant,
    make_booking,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
    make_staff,
    together,
)


@dataclass(frozen=True)
class Scene:
    """Everybody who takes part in a booking between two countries."""

    instrument: Instrument
    applicant: Person
    manager: Person
    office: Person
    operator: Person

    def ask(self, **values: Any) -> Booking:
        """A submitted booking; `values` go to `request_for`."""
        return make_booking(self.instrument, self.applicant, **values)

    def confirm(self, booking: Booking) -> Booking:
        """Approved by the manager, then by the international office."""
        for decider in (self.manager, self.office):
            services.approve(booking.reference, by=decider, at=AT, version=None)
        return booking


def make_scene(*, applicant: dict[str, Any] | None = None, **instrument: Any) -> Scene:
    with together():
        facility, home = make_facility(), make_institution()
    with together():
        office = make_person(facility.host)
        grant(office, Role.INTERNATIONAL_OFFICE, Scope("institution", facility.host.id))
        return Scene(
            instrument=make_instrument(facility, **instrument),
            applicant=make_person(home, **applicant or {}),
            manager=make_staff(Role.FACILITY_MANAGER, facility),
            office=office,
            operator=make_staff(Role.OPERATOR, facility),
        )
