"""Reading a page of the timeline: a fixed number of statements, whatever the number of instruments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, false, select

from ...booking.appointments import STATUS
from ...booking.availability.barriers import stands_before
from ...booking.availability.opening import opening_of
from ...booking.models import Booking, Hold
from ...catalogue.facets import FacetCount, chosen, count_facets
from ...catalogue.models import Facility, Instrument
from ...catalogue.queries import closures_of
from ...catalogue.rules import BOOKABLE, ExceptionKind
from ...catalogue.search import SearchRequest
from ...catalogue.search_match import matching
from ...catalogue.search_text import terms_of
from ...foundation.calendar.event import Status
from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.http.paging import Page
from ...foundation.http.show import localized
from ...foundation.interval import Interval
from ...identity.models import Institution, Person
from .lanes import Lane, Own, Taken, lane_of
from .spans import Span, length_of, span_in


@dataclass(frozen=True, slots=True)
class Row:
    """An instrument (columns: slug, names, time_zone, facility_slug, facility_names,
    granularity_minutes) and its lane.
    """

    instrument: Any
    lane: Lane


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which instruments are shown: what is searched for, of one facility alone, and whether only
    those that the reader asked for.
    """

    search: SearchRequest
    facility: str = ""
    mine: bool = False


def timeline(
    wanted: Wanted,
    window: Interval,
    person: Person | None,
    at: datetime,
    page: int,
    page_size: int,
) -> tuple[Page[Row], dict[str, list[FacetCount]]]:
    """The instruments that can be booked and fit, by facility, and how many there are by facet."""
    always, criteria = _always(wanted, person), chosen(wanted.search.facets)
    facets = count_facets(always, criteria, None)
    (total,) = facets.pop("total")
    instruments = _instruments([*always, *criteria.values()], page, page_size)
    taken = _taken([it.id for it in instruments], window, person, at)
    rows = [
        Row(it, lane_of(taken[it.id], _hours(it, window), it.positions, length_of(window)))
        for it in instruments
    ]
    return Page(rows, total.count, page, page_size), facets


def facility_choices() -> list[tuple[str, str]]:
    """Slug and name of the facilities that the timeline can be narrowed to, by name."""
    rows = db.session.execute(
        select(Facility.slug, Facility.names).where(
            Facility.instruments.any(Instrument.status.in_(BOOKABLE))
        )
    )
    return sorted(((row.slug, localized(row.names)) for row in rows), key=itemgetter(1))


def _always(wanted: Wanted, person: Person | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Instrument.status.in_(BOOKABLE)]
    terms = terms_of(wanted.search.text)
    if terms:
        conditions.append(Instrument.id.in_(select(matching(terms).cte("found").c.id)))
    elif wanted.search.text.strip():
        conditions.append(false())  # signs alone: there is nothing to look for
    if wanted.facility:
        conditions.append(Facility.slug == wanted.facility)
    if wanted.mine and person:
        asked_for = select(Booking.instrument_id).where(Booking.applicant_id == person.id)
        conditions.append(Instrument.id.in_(asked_for))
    return conditions


def _instruments(
    criteria: Sequence[ColumnElement[bool]], page: int, page_size: int
) -> Sequence[Any]:
    return db.session.execute(
        select(
            Instrument.id,
            Instrument.slug,
            Instrument.names,
            Instrument.opening,
            Instrument.positions,
            Instrument.granularity_minutes,
            Facility.slug.label("facility_slug"),
            Facility.names.label("facility_names"),
            Facility.time_zone,
        )
        .join(Facility, Facility.id == Instrument.facility_id)
        .join(Institution, Institution.id == Facility.host_id)
        .where(*criteria)
        .order_by(Facility.slug, Instrument.slug)
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()


def _taken(
    instrument_ids: Sequence[int], window: Interval, person: Person | None, at: datetime
) -> Mapping[int, Taken]:
    found: dict[int, Taken] = defaultdict(Taken)
    own_id = person.id if person else None
    for instrument_id, start, end, state, applicant_id, reference in _holds(instrument_ids, window):
        span = span_in(window, start, end)
        if span is None:
            continue
        taken, is_decided = found[instrument_id], STATUS[state] is Status.CONFIRMED
        (taken.confirmed if is_decided else taken.asked).append(span)
        if applicant_id == own_id:
            taken.own[reference] = Own(span, reference, is_decided)
    for row in closures_of(instrument_ids, window):
        span = span_in(window, row.starts_at, row.ends_at)
        if span is None:
            continue
        if row.kind == ExceptionKind.OPENING:
            found[row.instrument_id].opened.append(span)
        elif stands_before(row, None, at):
            found[row.instrument_id].closed.append(span)
    return found


def _holds(instrument_ids: Sequence[int], window: Interval) -> Any:
    return db.session.execute(
        select(
            Hold.instrument_id,
            Hold.held_from,
            Hold.held_until,
            Booking.state,
            Booking.applicant_id,
            Booking.reference,
        )
        .join(Booking, Booking.id == Hold.booking_id)
        .where(
            Hold.instrument_id.in_(instrument_ids),
            Hold.held_from < window.end,
            Hold.held_until > window.start,
        )
    )


def _hours(instrument: Any, window: Interval) -> tuple[Span, ...]:
    weekly = tuple((day, tuple(ranges)) for day, ranges in sorted(instrument.opening.items()))
    return _weekly_hours(weekly, instrument.time_zone, window)


@lru_cache(maxsize=1024)
def _weekly_hours(
    weekly: tuple[tuple[str, tuple[str, ...]], ...], time_zone: str, window: Interval
) -> tuple[Span, ...]:
    """Many instruments have the same hours."""
    stretches = opening_of(dict(weekly), zone(time_zone), window)
    spans = (span_in(window, stretch.start, stretch.end) for stretch in stretches)
    return tuple(span for span in spans if span)
