"""What is known of a request when its route is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ...access.rules import Level
from ...access.training.models import Qualification
from ...catalogue.models import Instrument
from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.interval import Interval
from ...foundation.localtime import wall_of
from ...foundation.weekends import weekend_of
from ...identity.rules import Verification
from ..models import Booking
from ..rules import History, RouteFacts, State
from .records import Noted, breaches_of, is_lifted, points_of

#: What counts as normal hours on a day that is no weekend, by the instrument's clock.
_MORNING, _EVENING = 8, 18
#: Rows of the columns that a query names.
Rows = Sequence[Any]

_USED = (State.COMPLETED, State.SETTLED)


def facts_of(booking: Booking, instrument: Instrument, history: History | None) -> RouteFacts:
    """The facts of a request, from what is loaded already; `history` where the policy asks for it."""
    host = instrument.facility.host
    return RouteFacts(
        facility_id=instrument.facility_id,
        host_id=host.id,
        host_country=host.country,
        applicant_country=booking.institution.country if booking.institution else None,
        safety_class=instrument.safety_class,
        payer_id=booking.institution.id if booking.institution else None,
        access_mode=booking.access_mode,
        minutes=booking.slot.minutes,
        by_agreement=booking.agreement is not None,
        whole=booking.whole,
        vouched=booking.applicant.verification == Verification.VOUCHED,
        off_hours=is_off_hours(booking.slot, instrument.time_zone, host.country),
        history=history,
        screening_class=instrument.screening_class,
    )


def is_off_hours(slot: Interval, time_zone: str, territory: str) -> bool:
    """Whether any of it lies before 8 or after 18 o'clock there, or on a weekend."""
    start, end = wall_of(slot.start, zone(time_zone)), wall_of(slot.end, zone(time_zone))
    in_hours = (
        start.date() == end.date()
        and start.hour >= _MORNING
        and (end.hour, end.minute) <= (_EVENING, 0)
        and start.weekday() not in weekend_of(territory)
    )
    return not in_hours


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asked for an instrument of a facility at a moment."""

    person_id: int
    institution_id: int | None
    instrument_id: int
    facility_id: int
    at: datetime


def history_of(booking: Booking, instrument: Instrument, at: datetime) -> History:
    """What the applicant did at the instrument's facility until a moment."""
    home = booking.institution.id if booking.institution else None
    asker = Asker(booking.applicant.id, home, instrument.id, instrument.facility_id, at)
    return histories_of([asker])[asker]


def histories_of(askers: Sequence[Asker]) -> dict[Asker, History]:
    """The same for many at once, in three statements.

    What was true at a moment is read again later as it was: uses that have ended, the days of qualifications, and when
    what is on a record was noted, made good or lifted, stay.
    """
    deeds, levels, breaches = _deeds(askers), _levels(askers), breaches_of(askers)
    return {asker: _as_it_was(asker, deeds, levels, breaches) for asker in set(askers)}


def _as_it_was(asker: Asker, deeds: Rows, levels: Rows, breaches: Sequence[Noted]) -> History:
    theirs = [
        row
        for row in deeds
        if (row.applicant_id, row.facility_id) == (asker.person_id, asker.facility_id)
    ]
    return History(
        uses=sum(row.ended_at is not None and row.ended_at <= asker.at for row in theirs),
        no_shows=sum(
            row.state == State.NO_SHOW
            and row.starts_at <= asker.at
            and not is_lifted(row.id, breaches, asker.at)
            for row in theirs
        ),
        independent=any(
            (row.person_id, row.instrument_id) == (asker.person_id, asker.instrument_id)
            and row.issued_at <= asker.at
            and (row.revoked_at is None or row.revoked_at > asker.at)
            and (row.valid_until is None or row.valid_until >= asker.at.date())
            for row in levels
        ),
        record=points_of("person_id", asker.person_id, breaches, asker.at),
        institution=points_of("institution_id", asker.institution_id, breaches, asker.at),
    )


def _deeds(askers: Sequence[Asker]) -> Rows:
    """Uses and no-shows of these people at these facilities."""
    return db.session.execute(
        select(
            Booking.id,
            Booking.applicant_id,
            Booking.state,
            Booking.starts_at,
            Booking.ended_at,
            Instrument.facility_id,
        )
        .join(Instrument, Instrument.id == Booking.instrument_id)
        .where(
            Booking.applicant_id.in_({each.person_id for each in askers}),
            Instrument.facility_id.in_({each.facility_id for each in askers}),
            Booking.state.in_((*_USED, State.NO_SHOW)),
        )
    ).all()


def _levels(askers: Sequence[Asker]) -> Rows:
    """Who is qualified to work by themselves, since when and until when."""
    return db.session.execute(
        select(
            Qualification.person_id,
            Qualification.instrument_id,
            Qualification.issued_at,
            Qualification.valid_until,
            Qualification.revoked_at,
        ).where(
            Qualification.person_id.in_({each.person_id for each in askers}),
            Qualification.instrument_id.in_({each.instrument_id for each in askers}),
            Qualification.level == Level.INDEPENDENT,
        )
    ).all()
