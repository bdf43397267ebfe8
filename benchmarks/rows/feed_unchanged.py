"""An unchanged feed (304), beside bare Flask answering 304."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.support.queries import counted

from ..bare import serve_bare
from ..house import House
from ..measuring import Call, Client, Row, interleaved, middle, timed

CLIENTS, CALLS, MUST = 4, 400, 0.4


def measure(house: House, folder: Path) -> Iterator[Row]:
    path = f"/calendars/instruments/{house.instruments[0]}.ics"
    known = {"If-None-Match": Client(house.url).etag(path)}
    with counted() as queries:
        assert house.app.test_client().get(path, headers=known).status_code == 304
    with serve_bare(b"", folder) as bare_url:
        programs = [Client(house.url, **known) for _ in range(CLIENTS)]
        bare = [Client(bare_url, **known) for _ in range(CLIENTS)]
        ours, limit = interleaved(
            lambda turn: timed([_asking(program, path) for program in programs], CALLS),
            lambda turn: timed([_asking(program, "/unchanged") for program in bare], CALLS),
        )
    fast, most = middle(ours, "per_second"), middle(limit, "per_second")
    yield Row(
        operation="iCal feed unchanged (304)",
        database=house.database,
        ours=fast,
        limit=most,
        unit="answers/s",
        ratio=fast / most,
        must=f">= {MUST:.0%} of bare Flask, one query by primary key",
        reached=fast >= MUST * most and queries.count == 1,
        p95=middle(ours, "p95_ms"),
        max=max(turn.max_ms for turn in ours),
        queries=queries.count,
    )


def _asking(client: Client, path: str) -> Call:
    return lambda number: client.get(path, expect=304) and None
