"""Which of ten thousand instruments are free, beside a plain anti-join; and when each hit of a page first is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select

from instrument_share.booking.availability.search import first_free_of, free_among
from instrument_share.catalogue.free_time import Wish
from instrument_share.catalogue.models import Instrument
from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.foundation.interval import Interval
from tests.support.databases import Databases
from tests.support.queries import counted

from ..drivers import connect
from ..house import BOOKINGS as USUAL
from ..house import House
from ..measuring import Row, Timings, interleaved, middle, timed
from ..taken import INSTRUMENTS, open_taken, take

#: Taken times beside a house's usual number of bookings: as many times more as the house has.
BOOKINGS, HITS = 1_000_000, 200
CALLS, PAGE_CALLS = 10, 60
SHARE, PAGE_MS = 1 / 5, {"postgresql": 10.0, "sqlite": 3.0}
ANTI_JOIN = (
    "SELECT id FROM instrument WHERE {which} NOT EXISTS (SELECT 1 FROM hold"
    " WHERE hold.instrument_id = instrument.id AND held_from < :end AND held_until > :start)"
)


def measure(house: House, folder: Path) -> Iterator[Row]:
    with open_taken(house.database, Databases(folder), folder) as app:
        take(app, BOOKINGS * house.bookings // USUAL)
        yield _search_row(house.database, app)
        yield _page_row(house.database, app)


def _search_row(database: str, app: Flask) -> Row:
    wish = _next_tuesday()
    return _row(
        f"which of {INSTRUMENTS:,} instruments are free 09:00-12:00 next Tuesday, {BOOKINGS:,} bookings",
        database,
        app,
        lambda: free_among(None, wish),
        ANTI_JOIN.format(which=""),
        f"<= {SHARE:g} of the anti-join, <= 2x itself at 10x",
        lambda ours, limit: middle(ours, "median_ms") <= SHARE * middle(limit, "median_ms"),
        CALLS,
    )


def _page_row(database: str, app: Flask) -> Row:
    wish = _next_tuesday()
    with app.app_context():
        ids = list(db.session.scalars(select(Instrument.id).order_by(Instrument.id).limit(HITS)))
    which = f"id IN ({', '.join(map(str, ids))}) AND"
    return _row(
        f"is this page of {HITS} hits free: first free slot each",
        database,
        app,
        lambda: first_free_of(ids, wish),
        ANTI_JOIN.format(which=which),
        f"p95 <= {PAGE_MS[database]:g} ms",
        lambda ours, _limit: middle(ours, "p95_ms") <= PAGE_MS[database],
        PAGE_CALLS,
    )


def _row(
    operation: str,
    database: str,
    app: Flask,
    ask: Callable[[], object],
    limit_sql: str,
    must: str,
    reached: Callable[[list[Timings], list[Timings]], bool],
    calls: int,
) -> Row:
    def call(_number: int) -> None:
        with app.app_context():
            ask()

    with app.app_context(), counted() as queries:
        ask()
    ours, limit = interleaved(
        lambda turn: timed([call], calls), lambda turn: _anti_join(app, limit_sql)
    )
    fast, plain = middle(ours, "median_ms"), middle(limit, "median_ms")
    return Row(
        operation=operation,
        database=database,
        ours=fast,
        limit=plain,
        unit="ms",
        ratio=fast / plain,
        must=must,
        reached=reached(ours, limit),
        p95=middle(ours, "p95_ms"),
        max=max(turn.max_ms for turn in ours),
        queries=queries.count,
    )


def _anti_join(app: Flask, statement: str) -> Timings:
    connection = connect(app.config["SQLALCHEMY_DATABASE_URI"])
    slot = _next_tuesday().window
    values = {"start": connection.written(slot.start), "end": connection.written(slot.end)}
    timings = timed([lambda _number: connection.all(statement, values) and None], 3)
    connection.close()
    return timings


def _next_tuesday() -> Wish:
    shanghai, at = ZoneInfo("Asia/Shanghai"), now()
    today = at.astimezone(shanghai).date()
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
    start = datetime.combine(tuesday, time(9), shanghai)
    return Wish(Interval(start, start + timedelta(hours=3)), 180, at, None)
