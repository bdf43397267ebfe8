"""The instrument page with its week, beside a page of the same bytes from bare Flask."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.queries import counted

from ..bare import serve_bare
from ..house import House
from ..measuring import Client, Row, interleaved, middle, timed

CALLS, NOW_MS, TIMES_NOW = 40, 170, 20
ASSET = re.compile(r'(?:href|src)="(/static/[^"#]+)')


def measure(house: House, folder: Path) -> Iterator[Row]:
    path = f"/instruments/{house.instruments[0]}"
    client = Client(house.url, Cookie=house.cookie)
    page = client.get(path)
    assets = sorted(set(ASSET.findall(page.decode())))
    kilobytes = sum(_gzipped(content) for content in [page, *map(client.get, assets)]) / 1000
    with counted() as queries:
        house.app.test_client(use_cookies=False).get(path, headers={"Cookie": house.cookie})
    with serve_bare(page, folder) as bare_url:
        bare = Client(bare_url)
        ours, limit = interleaved(
            lambda turn: timed([lambda n: client.get(path) and None], CALLS),
            lambda turn: timed([lambda n: bare.get("/") and None], CALLS),
        )
    fast, least = middle(ours, "median_ms"), middle(limit, "median_ms")
    requests, must_ms = 1 + len(assets), NOW_MS / TIMES_NOW
    yield Row(
        operation=f"instrument page with its week ({requests} requests, {kilobytes:.0f} kB gzipped)",
        database=house.database,
        ours=fast,
        limit=least,
        unit="ms",
        ratio=fast / least,
        must=f"<= {must_ms:g} ms ({TIMES_NOW}x now), <= 12 queries, <= 8 requests, <= 100 kB gzipped",
        reached=fast <= must_ms and queries.count <= 12 and requests <= 8 and kilobytes <= 100,
        p95=middle(ours, "p95_ms"),
        max=max(turn.max_ms for turn in ours),
        queries=queries.count,
    )


def _gzipped(content: bytes) -> int:
    return len(gzip.compress(content, 6))
