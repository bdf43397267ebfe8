"""Create and submit a booking, beside the bare SQL of one booking transaction by as many clients."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from instrument_share.foundation.clock import now
from tests.support.queries import counted

from ..drivers import Connection, connect
from ..house import House
from ..measuring import Call, Client, Row, Timings, interleaved, middle, timed
from .requests import body_of, free_starts

CALLS = {1: 60, 8: 20}
MUST, TIMES_NOW, MOST_QUERIES = 0.08, 8, 12
#: What a leading open system books in a second with 8 clients, where the bare transaction makes 3,000.
NOW_PER_SECOND = 62

#: What any program must say to the database to book: who, what, is it free, the row, the hold, a step to decide.
STATEMENTS = (
    "SELECT id, language FROM person WHERE id = :person",
    "SELECT id, positions FROM instrument WHERE id = :instrument",
    "SELECT position FROM hold WHERE instrument_id = :instrument AND held_from < :until AND held_until > :start",
    ("INSERT INTO booking (reference, version, sequence, state, instrument_id, position, applicant_id, access_mode,"
    " purpose, starts_at, ends_at, held_from, held_until, time_zone, created_at, changed_at, late)"
    " VALUES (:reference, 1, 0, 'submitted', :instrument, 1, :person, 'on_site', '', :start, :until, :start, :until,"
    " 'UTC', :start, :start, :late) RETURNING id"),
    ("INSERT INTO hold (instrument_id, position, held_from, held_until, booking_id)"
    " VALUES (:instrument, 1, :start, :until, :booking)"),
    ("INSERT INTO approval_step (booking_id, round, place, role, scope_kind, scope_id, status, comment)"
    " VALUES (:booking, 1, 1, 'facility_manager', 'facility', 1, 'pending', '')"),
)  # fmt: skip


def measure(house: House, folder: Path) -> Iterator[Row]:
    starts = iter(free_starts(house.instruments[:-1], 5000))  # the last one is raced for
    queries = _queries(house, next(starts))
    # A connection plans its statements anew for the first dozen of bookings: each process has made them before.
    timed([_booker(house, place, starts) for place in range(8)], 12)
    for clients, calls in CALLS.items():
        if house.database == "sqlite" and clients == 1:
            continue
        ours, limit = interleaved(
            lambda turn, n=clients, c=calls: timed(
                [_booker(house, i, starts) for i in range(n)], c
            ),
            lambda turn, n=clients, c=calls: _bare(house, turn, n, c),
        )
        yield _row(house, clients, ours, limit, queries)


def _row(
    house: House, clients: int, ours: list[Timings], limit: list[Timings], queries: int
) -> Row:
    fast, bare = middle(ours, "per_second"), middle(limit, "per_second")
    share, p95 = fast / bare, middle(ours, "p95_ms")
    slowest = max(turn.max_ms for turn in ours)
    demands = {f">= {MUST:.0%} of the limit": share >= MUST}
    if house.database == "sqlite":
        demands["slowest < 2 s"] = slowest < 2000
    else:
        demands[f"<= {MOST_QUERIES} queries"] = queries <= MOST_QUERIES
        if clients == 1:
            demands["p95 <= 15 ms"] = p95 <= 15
        else:
            least = TIMES_NOW * NOW_PER_SECOND
            demands[f">= {least}/s ({TIMES_NOW}x now)"] = fast >= least
    who = "1 client" if clients == 1 else f"{clients} clients"
    return Row(
        f"create and submit a booking, {who}", house.database, fast, bare, "per second",
        share, ", ".join(demands), all(demands.values()), p95, slowest, queries,
    )  # fmt: skip


_turn = threading.Lock()


def _booker(house: House, place: int, starts: Iterator[tuple]) -> Call:
    token = house.tokens[place % len(house.tokens)]
    client = Client(house.url, Authorization=f"Bearer {token}")

    def call(_number: int) -> None:
        with _turn:
            slug, start = next(starts)
        client.post("/api/v1/bookings", body_of(slug, start))

    return call


def _queries(house: House, start: tuple) -> int:
    client = house.app.test_client()
    headers = {"Authorization": f"Bearer {house.tokens[0]}"}
    with counted() as queries:
        answer = client.post("/api/v1/bookings", json=body_of(*start), headers=headers)
    if answer.status_code != 201:
        raise RuntimeError(json.dumps(answer.get_json()))
    return queries.count


def _bare(house: House, turn: int, clients: int, calls: int) -> Timings:
    url = house.app.config["SQLALCHEMY_DATABASE_URI"]
    connections = [connect(url) for _ in range(clients)]
    first = now() + timedelta(days=4000 + 100 * turn + clients)
    tellers = [_teller(each, turn, first) for each in connections]
    timings = timed(tellers, calls)
    for connection in connections:
        connection.close()
    return timings


def _teller(connection: Connection, turn: int, first: datetime) -> Call:
    """Books far in the future, where nobody else does."""

    def call(number: int) -> None:
        start = first + timedelta(hours=number // 100)
        values = {
            "person": 1, "instrument": 1 + number % 100, "reference": f"X{first:%y%j}-{turn}-{number}",
            "start": connection.written(start),
            "until": connection.written(start + timedelta(minutes=30)), "late": False,
        }  # fmt: skip
        with connection.transaction():
            for statement in STATEMENTS:
                row = connection.first(statement, values)
                if "RETURNING" in statement and row:
                    values["booking"] = row[0]

    return call
