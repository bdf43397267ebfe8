"""Asking for a series: what can be had of it, and taking that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import cast

from ....access.agreements.models import Agreement
from ....access.agreements.usable import agreement_for, agreements_within
from ....access.eligibility import check_eligible, eligibility_of
from ....access.errors import AgreementNotUsable
from ....access.projects.models import Project
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
from ...availability.surroundings import Surroundings
from ...errors import UnknownInstrument
from ...models import Booking
from ...projects import project_for
from ...rules import Action, Seat, State
from ...services.ground import Ground
from ...services.requesting import check_mode
from ...services.slots import interval_of, seat_on
from ..errors import NothingLeft, OccurrenceRefused, RuleNotTaken, SeriesConflict
from ..models import Series
from ..planning import Calendar, OnConflict, Planned, conflicts_in, plan
from ..rules import Occurrence, Rule, RuleRefused, expand, parse
from ..together import Deed, told_together
from ..values import SeriesRequest


def check_series(request: SeriesRequest, *, by: Person, at: datetime) -> list[Planned]:
    """Every occurrence and what would become of it; nothing is written. The number of queries does not grow with them.

    Raises RuleNotTaken, UnknownInstrument, NotInService, EndBeforeStart, NotEligible, AgreementNotUsable or
    UnknownProject where not even the first occurrence could be asked for.
    """
    planned, _ = _planned(request, _instrument(request), by, at)
    return planned


def create_series(
    request: SeriesRequest, *, by: Person, at: datetime
) -> tuple[Series, list[Planned]]:
    """Ask for every occurrence that can be had, as `check_series` tells them, in one go.

    Whoever books the instrument meanwhile waits, so what is saved is what is told. Raises as check_series, and
    SeriesConflict where something cannot be had and the series should stop then, NothingLeft where nothing can, and
    OccurrenceRefused where one occurrence is refused after all. Nothing is written then.
    """
    instrument = _instrument(request)
    instrument_to_change(instrument.slug)  # no booking of it is being made from here on
    planned, ground = _planned(request, instrument, by, at)
    if request.on_conflict is OnConflict.STOP and conflicts_in(planned):
        raise SeriesConflict(planned)
    if not any(each.taken for each in planned):
        raise NothingLeft(planned)
    series = _new_series(request, instrument, by, at)
    with told_together(series.id):
        deeds = [
            Deed(_asked(request, series, each, by, at, ground), Action.SUBMIT, State.DRAFT)
            for each in planned
            if each.taken
        ]
    audit.record(
        "series.create", "series", series.reference, by=by.id, at=at,
        rrule=series.rrule, occurrences=len(deeds),
    )  # fmt: skip
    series_changed.send(series, deeds=deeds, by=by, at=at, comment="")
    db.session.flush()
    return series, planned


def _instrument(request: SeriesRequest) -> Instrument:
    try:
        return bookable_instrument(request.first.instrument)
    except NotFound:
        raise UnknownInstrument() from None


def _planned(
    request: SeriesRequest, instrument: Instrument, by: Person, at: datetime
) -> tuple[list[Planned], Ground]:
    """What becomes of each occurrence, and what all of them stand on."""
    first = request.first
    length = interval_of(first.starts_at, first.ends_at).duration
    occurrences = _expanded(_parsed(request.rrule), first.starts_at, instrument)
    check_mode(first.access_mode, instrument)
    eligibility = eligibility_of(by, instrument, first.access_mode, at=at)
    check_eligible(eligibility)
    terms = _Terms(request, instrument, by, occurrences[-1].wall.date())
    calendar = _calendar(
        instrument, occurrences, length, by, at, seat=seat_on(instrument, first.seat)
    )
    planned = plan(occurrences, length, calendar, request.on_conflict, terms.refused)
    return planned, Ground(
        instrument,
        _around(planned, calendar),
        lambda: eligibility,
        terms.agreement_on,
        lambda _slot: terms.project,
    )


def _around(planned: Sequence[Planned], calendar: Calendar) -> Callable[[Interval], Surroundings]:
    """What there is around each occurrence: on an instrument that nobody else books meanwhile, what was planned."""
    free: dict[Interval, list[int]] = defaultdict(list)
    for each in planned:
        if each.taken:
            free[calendar.rules.held_by(each.taken)] += each.positions
    return lambda held: Surroundings(calendar.openness, free[held])


class _Terms:
    """The agreement and the joint project that were named; valid for the first occurrence, perhaps not for the last."""

    def __init__(
        self, request: SeriesRequest, instrument: Instrument, by: Person, last: date
    ) -> None:
        first = request.first
        self._by, self._instrument, self._first, self._last = by, instrument, first, last
        day = first.starts_at.date()
        self.agreement: Agreement | None = (
            agreement_for(by, instrument, first.agreement, day) if first.agreement else None
        )
        self.project: Project | None = project_for(
            by, first.project, Interval(first.starts_at, first.ends_at)
        )

    def agreement_on(self, day: date) -> Agreement | None:
        """What an occurrence of that day goes under: the agreement that was named, else the first that is open then.

        Raises AgreementNotUsable.
        """
        open_then = [each for each in self._agreements if _is_in_force(each, day)]
        if not open_then and self.agreement:
            raise AgreementNotUsable()
        return open_then[0] if open_then else None

    @cached_property
    def _agreements(self) -> list[Agreement]:
        if self.agreement:
            return [self.agreement]
        first, last = self._first.starts_at.date(), self._last + timedelta(days=1)  # in UTC
        return agreements_within(self._by, self._instrument, first, last)

    def refused(self, start: datetime) -> str:
        """Why an occurrence that begins then cannot be booked under them; empty where it can."""
        day = start.date()
        if self.agreement and not _is_in_force(self.agreement, day):
            return "agreement_not_usable"
        if self.project and self.project.ends_on and self.project.ends_on < day:
            return "unknown_project"
        return ""


def _is_in_force(agreement: Agreement, day: date) -> bool:
    return agreement.valid_from <= day <= agreement.valid_until


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


def _asked(
    request: SeriesRequest,
    series: Series,
    planned: Planned,
    by: Person,
    at: datetime,
    ground: Ground,
) -> Booking:
    """One occurrence, asked for like any other booking."""
    slot, named = cast(Interval, planned.taken), cast(Interval, planned.slot)
    one = replace(
        request.first,
        starts_at=slot.start,
        ends_at=slot.end,
        series_id=series.id,
        occurrence=named.start,
    )
    try:
        return bookings.request_booking(one, by=by, at=at, ground=ground)
    except DomainError as refusal:
        raise OccurrenceRefused(
            series.reference, planned.wall.date().isoformat(), refusal
        ) from None
