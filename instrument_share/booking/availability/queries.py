"""Reading what is open and taken: a fixed number of queries, whatever the number of instruments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from ...catalogue.models import Instrument
from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.interval import Interval
from ...identity.models import Person
from ..models import Hold
from .barriers import Barriers, barriers_of
from .free_time import Availability, busy_stretches, free_stretches
from .opening import opening_of
from .slot_rules import Openness, SlotRules

Held = dict[int, dict[int, list[Interval]]]  # instrument id -> position -> taken time


def rules_of(instrument: Instrument) -> SlotRules:
    """The instrument's slot rules, as lengths of time."""
    minutes = lambda count: timedelta(minutes=count)  # noqa: E731
    return SlotRules(
        zone=zone(instrument.time_zone),
        granularity=minutes(instrument.granularity_minutes),
        shortest=minutes(instrument.shortest_minutes),
        longest=minutes(instrument.longest_minutes),
        setup=minutes(instrument.setup_minutes),
        teardown=minutes(instrument.teardown_minutes),
        lead=minutes(instrument.lead_minutes),
        horizon=timedelta(days=instrument.horizon_days),
    )


def openness_of(
    instrument: Instrument, window: Interval, whom: Person | None, at: datetime
) -> Openness:
    """When the instrument is open and closed to `whom` in a window, as it stands at the moment `at`."""
    barriers = barriers_of([instrument.id], window, whom, at)[instrument.id]
    return _openness(instrument, window, barriers)


def availability_of(
    instrument: Instrument, window: Interval, at: datetime, whom: Person | None
) -> Availability:
    """What `whom` can have of an instrument in a window, and what is taken."""
    return availability_of_all([instrument], window, at, whom)[instrument.id]


def availability_of_all(
    instruments: Sequence[Instrument], window: Interval, at: datetime, whom: Person | None
) -> dict[int, Availability]:
    """The same for several instruments (with their facilities loaded) in two queries, four where time is blocked."""
    if not instruments:
        return {}
    ids = [instrument.id for instrument in instruments]
    wide = window.widened(_widest(instruments), _widest(instruments))
    held = _held(ids, wide)
    barriers = barriers_of(ids, wide, whom, at)
    return {
        each.id: _availability(each, window, wide, barriers[each.id], held[each.id], at)
        for each in instruments
    }


def _availability(
    instrument: Instrument,
    window: Interval,
    wide: Interval,
    barriers: Barriers,
    held: dict[int, list[Interval]],
    at: datetime,
) -> Availability:
    rules, openness = rules_of(instrument), _openness(instrument, wide, barriers)
    bookable = instrument.status in ("in_service", "restricted")
    free = (
        free_stretches(window, rules, openness, held, instrument.positions, at) if bookable else []
    )
    return Availability(free, busy_stretches(window, openness.closures, held, instrument.positions))


def _openness(instrument: Instrument, window: Interval, barriers: Barriers) -> Openness:
    opening = opening_of(instrument.opening, zone(instrument.time_zone), window, barriers.openings)
    return Openness(opening, barriers.closures)


def _held(instrument_ids: Sequence[int], window: Interval) -> Held:
    rows = db.session.execute(
        select(Hold.instrument_id, Hold.position, Hold.held_from, Hold.held_until).where(
            Hold.instrument_id.in_(instrument_ids),
            Hold.held_until > window.start,
            Hold.held_from < window.end,
        )
    )
    held: Held = defaultdict(lambda: defaultdict(list))
    for instrument_id, position, start, end in rows:
        held[instrument_id][position].append(Interval(start, end))
    return held


def _widest(instruments: Sequence[Instrument]) -> timedelta:
    """How far outside a window something can lie and still matter inside: setup, teardown and one grid step."""
    most = max(max(i.setup_minutes, i.teardown_minutes, i.granularity_minutes) for i in instruments)
    return timedelta(minutes=2 * most)
