"""Asking for a series: what can be had of it, and taking that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

from ....access.eligibility import check_eligible, eligibility_of
from ....access.models import Agreement, Project
from ....access.queries import agreement_for
from ....catalogue.models import Instrument
from ....catalogue.queries import bookable_instrument, instrument_to_change
from ....foundation.clock import zone
from ....foundation.database import db
from ....foundation.errors import DomainError, NotFound
from ....foundation.identifiers import new_reference
from ....foundation.interval import Interval
from ....foundation.signals import series_changed
from ....identity import audit
from ....identity.models import Person
from ... import services as bookings
from ...availability.queries import held_of, openness_of, rules_of
from ...errors import EndBeforeStart, UnknownInstrument
from ...models import Booking
from ...projects import project_for
from ...rules import Action, Seat, State
from ...services.requesting import check_mode
from ...services.slots import seat_on
from ..errors import NothingLeft, OccurrenceRefused, RuleNotTaken, SeriesConflict
from ..models import Series
from ..planning import Calendar, OnConflict, Told, conflicts_in, plan
from ..rules import Occurrence, Rule, RuleRefused, expand, parse
from ..together import Deed, told_together
from ..values import SeriesRequest


def check_series(request: SeriesRequest, *, by: Person, at: datetime) -> list[Told]:
    """Every occurrence and what would become of it; nothing is written. The number of queries does not grow with them.

    Raises RuleNotTaken, UnknownInstrument, NotInService, EndBeforeStart, NotEligible, AgreementNotUsable or
    UnknownProject where not even the first occurrence could be asked for.
    """
    return _planned(request, _instrument(request), by, at)


def create_series(request: SeriesRequest, *, by: Person, at: datetime) -> tuple[Series, list[Told]]:
    """Ask for every occurrence that can be had, as `check_series` tells them, in one go.

    Whoever books the instrument meanwhile waits, so what is saved is what is told. Raises as check_series, and
    SeriesConflict where something cannot be had and the series should stop then, NothingLeft where nothing can, and
    OccurrenceRefused where one occurrence is refused after all. Nothing is written then.
    """
    instrument = _instrument(request)
    instrument_to_change(instrument.slug)  # no booking of it is being made from here on
    told = _planned(request, instrument, by, at)
    if request.on_conflict is OnConflict.STOP and conflicts_in(told):
        raise SeriesConflict(told)
    if not any(each.taken for each in told):
        raise NothingLeft(told)
    series = _new_series(request, instrument, by, at)
    with told_together(series.id):
        deeds = [
            Deed(_asked(request, series, each, by, at), Action.SUBMIT, State.DRAFT)
            for each in told
            if each.taken
        ]
    audit.record(
        "series.create", "series", series.reference, by=by.id, at=at,
        rrule=series.rrule, occurrences=len(deeds),
    )  # fmt: skip
    series_changed.send(series, deeds=deeds, by=by, at=at, comment="")
    db.session.flush()
    return series, told


def _instrument(request: SeriesRequest) -> Instrument:
    try:
        return bookable_instrument(request.first.instrument)
    except NotFound:
        raise UnknownInstrument() from None


def _planned(
    request: SeriesRequest, instrument: Instrument, by: Person, at: datetime
) -> list[Told]:
    first = request.first
    if first.ends_at <= first.starts_at:
        raise EndBeforeStart()
    length = first.ends_at - first.starts_at
    occurrences = _expanded(_parsed(request.rrule), first.starts_at, instrument)
    check_mode(first.access_mode, instrument)
    check_eligible(eligibility_of(by, instrument, first.access_mode, at=at))
    terms = _Terms(request, instrument, by)
    calendar = _calendar(
        instrument, occurrences, length, by, at, seat=seat_on(instrument, first.seat)
    )
    return plan(occurrences, length, calendar, request.on_conflict, terms.refused)


class _Terms:
    """The agreement and the joint project that were named; valid for the first occurrence, perhaps not for the last."""

    def __init__(self, request: SeriesRequest, instrument: Instrument, by: Person) -> None:
        first = request.first
        day = first.starts_at.date()
        self.agreement: Agreement | None = (
            agreement_for(by, instrument, first.agreement, day) if first.agreement else None
        )
        self.project: Project | None = project_for(
            by, first.project, Interval(first.starts_at, first.ends_at)
        )

    def refused(self, start: datetime) -> str:
        """Why an occurrence that begins then cannot be booked under them; empty where it can."""
        day = start.date()
        if self.agreement and not self.agreement.valid_from <= day <= self.agreement.valid_until:
            return "agreement_not_usable"
        if self.project and self.project.ends_on and self.project.ends_on < day:
            return "unknown_project"
        return ""


def _parsed(text: str) -> Rule:
    try:
        return parse(text)
    except RuleRefused as refused:
        raise RuleNotTaken(refused) from None


def _expanded(rule: Rule, first: datetime, instrument: Instrument) -> list[Occurrence]:
    try:
        return expand(rule, first, zone(instrument.time_zone))
    except RuleRefused as refused:
        raise RuleNotTaken(refused) from None


def _calendar(
    instrument: Instrument,
    occurrences: list[Occurrence],
    length: timedelta,
    whom: Person,
    at: datetime,
    *,
    seat: Seat,
) -> Calendar:
    """The instrument's calendar around all occurrences, each part of it read at once."""
    day, last = timedelta(days=2), occurrences[-1].wall.replace(tzinfo=UTC)
    first = occurrences[0].wall.replace(tzinfo=UTC)
    rules = rules_of(instrument)
    window = rules.held_by(Interval(first - day, last + length + day))
    return Calendar(
        rules=rules,
        openness=openness_of(instrument, window, whom, at),
        held=held_of(instrument, window),
        positions=instrument.positions,
        at=at,
        seat=seat,
    )


def _new_series(request: SeriesRequest, instrument: Instrument, by: Person, at: datetime) -> Series:
    first = request.first
    local = first.starts_at.astimezone(zone(instrument.time_zone))
    series = Series(
        reference=new_reference("S"),
        rrule=str(_parsed(request.rrule)),
        time_zone=instrument.time_zone,
        first_start=local.replace(tzinfo=None),
        minutes=Interval(first.starts_at, first.ends_at).minutes,
        on_conflict=request.on_conflict,
        instrument=instrument,
        applicant=by,
        institution=by.institution,
        institution_id=by.institution_id,
        created_at=at,
    )
    db.session.add(series)
    db.session.flush()
    return series


def _asked(request: SeriesRequest, series: Series, told: Told, by: Person, at: datetime) -> Booking:
    """One occurrence, asked for like any other booking."""
    slot, named = cast(Interval, told.taken), cast(Interval, told.slot)
    one = replace(
        request.first,
        starts_at=slot.start,
        ends_at=slot.end,
        series_id=series.id,
        occurrence=named.start,
    )
    try:
        return bookings.request_booking(one, by=by, at=at)
    except DomainError as refusal:
        raise OccurrenceRefused(series.reference, told.wall.date().isoformat(), refusal) from None
