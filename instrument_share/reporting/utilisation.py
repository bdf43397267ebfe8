"""How much of the time that instruments were open was used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from ..accounting.models import UsageRecord
from ..booking.availability.opening import hours_of, open_minutes
from ..catalogue.models import Facility, Instrument, OpeningException
from ..catalogue.queries import closures_of
from ..foundation.clock import zone
from ..foundation.database import db
from ..foundation.interval import Interval
from ..identity.models import Institution
from .rules import Level, Utilisation


def utilisation_of(
    window: Interval, level: Level, within: ColumnElement[bool]
) -> list[Utilisation]:
    """Open and used minutes by instrument, facility or host, over the instruments `within` a condition.

    Use counts where it began inside the window. Retired instruments are left out unless they were used.
    """
    rows = _instruments(within)
    used = _used_minutes(window)
    exceptions = _exceptions(window, [row.id for row in rows])
    shown = [row for row in rows if row.status != "retired" or used.get(row.id)]
    single = [_of_instrument(row, window, used, exceptions[row.id], level) for row in shown]
    return sorted(_joined(single), key=lambda it: (-(it.share or 0), it.key))


def _instruments(within: ColumnElement[bool]) -> Sequence[Any]:
    return db.session.execute(
        select(
            Instrument.id, Instrument.slug, Instrument.names, Instrument.status,
            Instrument.opening, Instrument.holiday_territory, Instrument.holiday_opening,
            Instrument.positions,
            Facility.slug.label("facility"), Facility.names.label("facility_names"),
            Facility.time_zone,
            Institution.slug.label("host"), Institution.names.label("host_names"),
        )
        .join(Facility, Facility.id == Instrument.facility_id)
        .join(Institution, Institution.id == Facility.host_id)
        .where(within)
        .order_by(Instrument.slug)
    ).all()  # fmt: skip


def _used_minutes(window: Interval) -> dict[int, int]:
    rows = db.session.execute(
        select(UsageRecord.instrument_id, func.sum(UsageRecord.minutes))
        .where(UsageRecord.started_at >= window.start, UsageRecord.started_at < window.end)
        .group_by(UsageRecord.instrument_id)
    )
    return {instrument: int(minutes) for instrument, minutes in rows}


def _exceptions(window: Interval, instruments: Iterable[int]) -> dict[int, list[OpeningException]]:
    found: dict[int, list[OpeningException]] = defaultdict(list)
    for exception in closures_of(instruments, window):
        found[exception.instrument_id].append(exception)
    return found


def _of_instrument(
    row: Any,
    window: Interval,
    used: Mapping[int, int],
    exceptions: Iterable[OpeningException],
    level: Level,
) -> Utilisation:
    slots: dict[str, list[Interval]] = defaultdict(list)  # blocked time is open to somebody
    for exception in exceptions:
        slots[exception.kind].append(Interval(exception.starts_at, exception.ends_at))
    hours = hours_of(row.opening, zone(row.time_zone), row.holiday_territory, row.holiday_opening)
    minutes = open_minutes(
        hours, window,
        positions=row.positions, openings=slots["opening"], closures=slots["closure"],
    )  # fmt: skip
    key, names = {
        Level.INSTRUMENT: (row.slug, row.names),
        Level.FACILITY: (row.facility, row.facility_names),
        Level.HOST: (row.host, row.host_names),
    }[level]
    return Utilisation(key, names, minutes, used.get(row.id, 0))


def _joined(single: Iterable[Utilisation]) -> list[Utilisation]:
    """One row for each key."""
    found: dict[str, Utilisation] = {}
    for it in single:
        so_far = found.get(it.key, Utilisation(it.key, it.names, 0, 0))
        found[it.key] = Utilisation(
            it.key, it.names,
            so_far.open_minutes + it.open_minutes, so_far.used_minutes + it.used_minutes,
        )  # fmt: skip
    return list(found.values())
