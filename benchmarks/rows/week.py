"""A week of all instruments as JSON, beside one row query and `json.dumps`."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from instrument_share.foundation.clock import now
from tests.support.queries import counted

from ..drivers import connect
from ..house import House
from ..measuring import Client, Row, Timings, interleaved, middle, timed

CALLS, MUST, MUST_KB = 15, 3.0, 60
QUERY = (
    "SELECT instrument.slug, hold.held_from, hold.held_until, booking.state FROM hold"
    " JOIN booking ON booking.id = hold.booking_id JOIN instrument ON instrument.id = hold.instrument_id"
    " WHERE hold.held_from < :until AND hold.held_until > :start"
)


def measure(house: House, _folder: Path) -> Iterator[Row]:
    start = now().replace(hour=0, minute=0, second=0) + timedelta(days=7)
    window = {"from": start.isoformat(), "until": (start + timedelta(days=7)).isoformat()}
    path = f"/api/v1/schedule?{urlencode(window)}"
    client = Client(house.url, Authorization=f"Bearer {house.tokens[0]}")
    body = client.get(path)
    kilobytes = len(gzip.compress(body, 6)) / 1000
    events = sum(len(each["taken"]) for each in json.loads(body)["instruments"])
    with counted() as queries:
        house.app.test_client().get(path, headers={"Authorization": f"Bearer {house.tokens[0]}"})
    ours, limit = interleaved(
        lambda turn: timed([lambda n: client.get(path) and None], CALLS),
        lambda turn: _bare(house, start),
    )
    fast, bare = middle(ours, "median_ms"), middle(limit, "median_ms")
    yield Row(
        operation=f"a week of all instruments ({events} events, {kilobytes:.0f} kB gzipped) as JSON",
        database=house.database,
        ours=fast,
        limit=bare,
        unit="ms",
        ratio=fast / bare,
        must=f"<= {MUST:g}x the limit, <= 6 queries, <= {MUST_KB} kB gzipped",
        reached=fast <= MUST * bare and queries.count <= 6 and kilobytes <= MUST_KB,
        p95=middle(ours, "p95_ms"),
        max=max(turn.max_ms for turn in ours),
        queries=queries.count,
    )


def _bare(house: House, start: datetime) -> Timings:
    connection = connect(house.app.config["SQLALCHEMY_DATABASE_URI"])
    until = start + timedelta(days=7)
    values = {"start": connection.written(start), "until": connection.written(until)}

    def call(_number: int) -> None:
        json.dumps([tuple(map(str, row)) for row in connection.all(QUERY, values)])

    timings = timed([call], CALLS)
    connection.close()
    return timings
