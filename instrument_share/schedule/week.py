"""What is taken of all instruments in a window, as JSON, from two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import select

from ..booking.models import Booking, Hold
from ..booking.rules import State
from ..catalogue.models import Facility, Instrument
from ..catalogue.rules import BOOKABLE
from ..foundation.database import db
from ..foundation.http.show import localized
from ..foundation.interval import Interval

_TIMES = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS  # 2026-03-03T04:00:00Z
_DECIDED = (State.CONFIRMED, State.IN_USE)


def as_json(window: Interval) -> str:
    """`{"instruments": [{"slug", "name", "time_zone", "taken": [{"from", "until", "kind"}]}]}`.

    Setup and teardown belong to what is taken. Kind is `busy`, or `tentative` for a request that is not decided.
    """
    taken = _taken(window)
    instruments = [
        {
            "slug": row.slug,
            "name": localized(row.names),
            "time_zone": row.time_zone,
            "taken": taken[row.id],
        }
        for row in _instruments()
    ]
    return orjson.dumps({"instruments": instruments}, option=_TIMES).decode()


def _instruments() -> Iterable[Any]:
    return db.session.execute(
        select(Instrument.id, Instrument.slug, Instrument.names, Facility.time_zone)
        .join(Facility, Facility.id == Instrument.facility_id)
        .where(Instrument.status.in_(BOOKABLE))
        .order_by(Facility.slug, Instrument.slug)
    )


def _taken(window: Interval) -> dict[int, list[dict[str, Any]]]:
    taken: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = db.session.execute(
        select(Hold.instrument_id, Hold.held_from, Hold.held_until, Booking.state)
        .join(Booking, Booking.id == Hold.booking_id)
        .where(Hold.held_from < window.end, Hold.held_until > window.start)
        .order_by(Hold.instrument_id, Hold.held_from)
    )
    for instrument_id, held_from, held_until, state in rows:
        kind = "busy" if state in _DECIDED else "tentative"
        taken[instrument_id].append({"from": held_from, "until": held_until, "kind": kind})
    return taken
