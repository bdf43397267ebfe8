"""A partner's researcher uses a host's instrument: the rows that accounting's tests begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from instrument_share.access.agreements.models import Agreement
from instrument_share.booking import services as bookings
from instrument_share.booking.models import Booking
from instrument_share.booking.values import FinishedUse
from instrument_share.catalogue.models import Facility, Instrument
from instrument_share.foundation.database import db
from instrument_share.identity.models import Institution, Person
from instrument_share.identity.rules import PROGRAMME, Role, Scope

from ..support.builders import (
    AT,
    grant,
    make_agreement,
    make_booking,
    make_facility,
    make_host,
    make_institution,
    make_instrument,
    make_person,
    make_rate_card,
    make_staff,
)

START = AT + timedelta(days=1)


@dataclass
class Story:
    """Whoever takes part, and what they do."""

    host: Institution
    partner: Institution
    facility: Facility
    instrument: Instrument
    agreement: Agreement
    researcher: Person
    manager: Person
    office: Person
    liaison: Person
    programme: Person

    def asked(self, start: datetime = START, hours: float = 4, **values) -> Booking:
        return make_booking(
            self.instrument, self.researcher, starts_at=start, hours=hours,
            **{"agreement": self.agreement.reference} | values,
        )  # fmt: skip

    def confirmed(self, start: datetime = START, hours: float = 4, **values) -> Booking:
        booking = self.asked(start, hours, **values)
        for person in (self.manager, self.office):
            bookings.approve(booking.reference, by=person, at=AT, version=None)
        return booking

    def used(
        self, start: datetime = START, hours: float = 4, *, minutes: int | None = None,
        operator_minutes: int = 0, samples: int = 0, **values,
    ) -> Booking:  # fmt: skip
        """A booking that was used, for `minutes` or all of its time."""
        booking = self.confirmed(start, hours, **values)
        end = start + timedelta(minutes=minutes or hours * 60)
        bookings.start(booking.reference, by=self.manager, at=start, version=None)
        use = FinishedUse(start, end, operator_minutes, samples)
        bookings.finish(booking.reference, by=self.manager, at=end, version=None, use=use)
        return booking


def begin(*, yearly_minutes: int = 6000, discounts=None, **prices) -> Story:
    """The host in Shanghai, the partner in Almaty, an agreement and a rate card between them."""
    host, partner = make_host(slug="east"), make_institution(slug="almaty")
    facility = make_facility(host)
    instrument = make_instrument(facility, modes=["on_site", "remote"])
    agreement = make_agreement(
        host, partner, yearly_minutes=yearly_minutes, discounts=discounts or {}
    )
    make_rate_card(facility, **prices)
    office, programme = make_person(host), make_person()
    grant(office, Role.INTERNATIONAL_OFFICE, Scope("institution", host.id))
    grant(programme, Role.PROGRAMME_OFFICER, PROGRAMME)
    liaison = make_person(partner)
    grant(liaison, Role.LIAISON, Scope("institution", partner.id))
    story = Story(
        host, partner, facility, instrument, agreement, make_person(partner),
        make_staff(Role.FACILITY_MANAGER, facility), office, liaison, programme,
    )  # fmt: skip
    db.session.commit()
    return story
