"""What instruments have in common: thousands of them keep a few dozen patterns of hours and rules.

A pattern is everything that decides an instrument's times but its bookings and exceptions. It is known by the
instrument's `slot_key` (which the database makes of the columns) and its zone, and is read once by a process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from ...catalogue.models import Facility, Instrument
from ...catalogue.rules import BOOKABLE
from ...foundation.clock import zone
from ...foundation.database import db, engine_name
from ...foundation.many import Numbers, among, collected
from .opening import Hours, hours_of
from .slot_rules import Seconds, SlotRules


@dataclass(frozen=True, eq=False, slots=True)
class Pattern:
    """Hours, rules in seconds, and how many bookings go side by side."""

    hours: Hours
    rules: Seconds
    positions: int

    @property
    def margin(self) -> int:
        """How far outside of a slot something can lie and still matter to it."""
        return max(self.rules.setup, self.rules.teardown)


@dataclass(frozen=True, slots=True)
class Alike:
    """Instruments of one pattern."""

    pattern: Pattern
    ids: list[int]


#: Patterns by slot key and zone. What a key stands for never changes, so that nothing here grows stale.
_known: dict[tuple[str, str], Pattern] = {}
_MOST_KNOWN = 50_000


def rules_of(instrument: Instrument) -> SlotRules:
    """The instrument's slot rules, as lengths of time."""
    return _rules(instrument, instrument.time_zone)


def hours_of_instrument(instrument: Instrument) -> Hours:
    """The instrument's regular opening hours, public holidays included."""
    return _hours(instrument, instrument.time_zone)


def patterns_among(candidates: Select[int] | None) -> list[Alike]:
    """The bookable instruments of which `candidates` selects the ids (None: all), in two queries."""
    query = _grouped()
    if candidates is not None:
        query = query.where(Instrument.id.in_(candidates))
    return _alike(db.session.execute(query).all())


def patterns_of(ids: Sequence[int]) -> list[Alike]:
    """The same for the instruments of these ids."""
    return _alike(db.session.execute(_grouped_among(engine_name()), {"ids": ids}).all())


@cache
def _grouped() -> Select[*tuple[Any, ...]]:
    instrument, facility = Instrument.__table__, Facility.__table__
    return (
        select(instrument.c.slot_key, facility.c.time_zone, collected(instrument.c.id))
        .join(facility, facility.c.id == instrument.c.facility_id)
        .where(instrument.c.status.in_(BOOKABLE))
        .group_by(instrument.c.slot_key, facility.c.time_zone)
    )


@cache
def _grouped_among(_engine: str) -> Select[*tuple[Any, ...]]:
    return _grouped().where(among(Instrument.__table__.c.id, bindparam("ids", type_=Numbers())))


def _alike(groups: Sequence[Row[*tuple[Any, ...]]]) -> list[Alike]:
    _learn({(key, name): ids[0] for key, name, ids in groups})
    return [Alike(_known[key, name], ids) for key, name, ids in groups]


def _learn(examples: dict[tuple[str, str], int]) -> None:
    """Read the patterns not known yet, each from an instrument that has it."""
    if len(_known) > _MOST_KNOWN:
        _known.clear()
    unknown = [id_ for key, id_ in examples.items() if key not in _known]
    if unknown:
        for row in db.session.execute(_columns(unknown)):
            _known[row.slot_key, row.time_zone] = Pattern(
                _hours(row, row.time_zone), _rules(row, row.time_zone).seconds, row.positions
            )


def _columns(ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Instrument.slot_key,
            Facility.time_zone,
            Instrument.positions,
            Instrument.granularity_minutes,
            Instrument.shortest_minutes,
            Instrument.longest_minutes,
            Instrument.setup_minutes,
            Instrument.teardown_minutes,
            Instrument.lead_minutes,
            Instrument.horizon_days,
            Instrument.opening,
            Instrument.holiday_territory,
            Instrument.holiday_opening,
        )
        .join(Facility, Facility.id == Instrument.facility_id)
        .where(among(Instrument.id, ids))
    )


def _hours(columns: Instrument | Row[*tuple[Any, ...]], zone_name: str) -> Hours:
    return hours_of(
        columns.opening, zone(zone_name), columns.holiday_territory, columns.holiday_opening
    )


def _rules(columns: Instrument | Row[*tuple[Any, ...]], zone_name: str) -> SlotRules:
    minutes = lambda count: timedelta(minutes=count)  # noqa: E731
    return SlotRules(
        zone=zone(zone_name),
        granularity=minutes(columns.granularity_minutes),
        shortest=minutes(columns.shortest_minutes),
        longest=minutes(columns.longest_minutes),
        setup=minutes(columns.setup_minutes),
        teardown=minutes(columns.teardown_minutes),
        lead=minutes(columns.lead_minutes),
        horizon=timedelta(days=columns.horizon_days),
    )
