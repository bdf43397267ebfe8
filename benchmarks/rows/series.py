"""Ask for a series of 200 occurrences at once, beside the bare SQL of as many bookings in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from instrument_share.foundation.clock import now
from tests.support.queries import counted

from ..drivers import connect
from ..house import House
from ..measuring import Client, Row, Timings, interleaved, middle, timed
from .booking import STATEMENTS
from .requests import body_of, free_starts

OCCURRENCES, CALLS, MOST_MS = 200, 2, 3000
#: Each occurrence costs its row, its steps and its hold; steps go one by one on SQLite.
MOST_EACH = {"postgresql": 3, "sqlite": 4}
_BESIDES = 40


def measure(house: House, folder: Path) -> Iterator[Row]:
    starts = iter(free_starts(house.instruments[:-1], len(house.instruments) - 1))
    queries, most = _queries(house, next(starts)), MOST_EACH[house.database] * OCCURRENCES
    client = Client(house.url, Authorization=f"Bearer {house.tokens[0]}")
    ours, limit = interleaved(
        lambda turn: timed([lambda _: client.post("/api/v1/series", _body(next(starts))) and None], CALLS),
        lambda turn: _bare(house, turn),
    )  # fmt: skip
    ours_ms, bare_ms = middle(ours, "median_ms"), middle(limit, "median_ms")
    slowest = max(turn.max_ms for turn in ours)
    yield Row(
        operation=f"ask for a series of {OCCURRENCES}",
        database=house.database,
        ours=ours_ms,
        limit=bare_ms,
        unit="ms",
        ratio=ours_ms / bare_ms,
        must=f"<= {MOST_MS} ms, <= {most + _BESIDES} queries",
        reached=slowest <= MOST_MS and queries <= most + _BESIDES,
        p95=middle(ours, "p95_ms"),
        max=slowest,
        queries=queries,
    )


def _body(start: tuple) -> dict[str, Any]:
    """Every day within a gap that is four hours long, so that a change of the clocks leaves it there."""
    slug, at = start
    body = body_of(slug, at + timedelta(hours=1))
    return body | {"rrule": f"FREQ=DAILY;COUNT={OCCURRENCES}", "on_conflict": "stop"}


def _queries(house: House, start: tuple) -> int:
    headers = {"Authorization": f"Bearer {house.tokens[0]}"}
    with counted() as queries:
        answer = house.app.test_client().post("/api/v1/series", json=_body(start), headers=headers)
    if answer.status_code != 201:
        raise RuntimeError(json.dumps(answer.get_json()))
    return queries.count


def _bare(house: House, turn: int) -> Timings:
    """Far in the future, where nobody else books."""
    connection = connect(house.app.config["SQLALCHEMY_DATABASE_URI"])

    def call(number: int) -> None:
        first = now() + timedelta(days=6000 + 1000 * turn + 300 * number)
        with connection.transaction():
            for day in range(OCCURRENCES):
                start = first + timedelta(days=day)
                values = {
                    "person": 1, "instrument": 1, "reference": f"Y{turn}-{number}-{day}",
                    "start": connection.written(start),
                    "until": connection.written(start + timedelta(hours=1)), "late": False,
                }  # fmt: skip
                for statement in STATEMENTS:
                    row = connection.first(statement, values)
                    if "RETURNING" in statement and row:
                        values["booking"] = row[0]

    timings = timed([call], CALLS)
    connection.close()
    return timings
