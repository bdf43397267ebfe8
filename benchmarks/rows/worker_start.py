"""The start of a server process, and what it holds in memory once it has answered; beside `import flask` alone."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.databases import environment

from ..house import House
from ..measuring import TURNS, Row

SECONDS, MEGABYTES = 1.5, 90

_REPORT = """
import json, re, time
ready = time.perf_counter() - began
{then}
kilobytes = int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1])
print(json.dumps([ready, kilobytes / 1024]))
"""
_OURS = (
    "import time; began = time.perf_counter()\n"
    "from instrument_share import create_app\n"
    "app = create_app(); client = app.test_client()\n"
    "assert client.get('/health/live').status_code == 200\n"
) + _REPORT.format(
    then="for _ in range(20): assert client.get('/instruments/{slug}').status_code == 200"
)
_FLASK = "import time; began = time.perf_counter()\nimport flask\n" + _REPORT.format(then="")


def measure(house: House, folder: Path) -> Iterator[Row]:
    environ = os.environ | environment(
        house.app.config["SQLALCHEMY_DATABASE_URI"], folder / "instance"
    )
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    ours, limit = [], []
    for turn in range(TURNS + 1):
        pair = _run(_OURS.replace("{slug}", house.instruments[0]), environ), _run(_FLASK, environ)
        if turn:  # the first one warms up
            ours.append(pair[0])
            limit.append(pair[1])
    yield _row(
        house, "start of a worker", "s", SECONDS, [x[0] for x in ours], [x[0] for x in limit]
    )
    yield _row(
        house, "memory of a worker after 20 pages", "MB", MEGABYTES,
        [x[1] for x in ours], [x[1] for x in limit],
    )  # fmt: skip


def _run(code: str, environ: dict[str, str]) -> tuple[float, float]:
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    ready, megabytes = json.loads(answer.stdout.splitlines()[-1])
    return ready, megabytes


def _row(
    house: House, what: str, unit: str, most: float, ours: list[float], limit: list[float]
) -> Row:
    middle, bare = statistics.median(ours), statistics.median(limit)
    in_ms = 1000 if unit == "s" else 0
    return Row(
        what, house.database, middle, bare, unit, middle / bare, f"<= {most} {unit}",
        middle <= most, max(ours) * in_ms, max(ours) * in_ms, None,
    )  # fmt: skip
