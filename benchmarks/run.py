"""`make bench`: measure, print the speed table, write benchmarks/results.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from rich.console import Console
from rich.table import Table

from benchmarks.house import BOOKINGS, open_house
from benchmarks.measuring import Row
from benchmarks.rows import (
    booking,
    desk,
    eligibility,
    feed_of_1000,
    feed_unchanged,
    free_time,
    instrument_page,
    same_slot,
    series,
    week,
    worker_start,
)
from tests.support import postgres
from tests.support.databases import Databases

RESULTS = Path(__file__).parent / "results.json"
ROWS = {
    "postgresql": (
        same_slot,
        booking,
        series,
        week,
        instrument_page,
        feed_unchanged,
        feed_of_1000,
        free_time,
        desk,
        eligibility,
        worker_start,
    ),
    "sqlite": (same_slot, booking, series, free_time, eligibility),
}


def main() -> int:
    arguments = _parser().parse_args()
    os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
    kinds = arguments.database or list(ROWS)
    rows = list(_measured(kinds, arguments.only, BOOKINGS))
    if arguments.growth:
        rows = list(_grown(rows, list(_measured(kinds, arguments.only, 10 * BOOKINGS))))
    RESULTS.write_text(
        json.dumps({"rows": [asdict(row) for row in rows], "machine": _machine()}, indent=1)
    )
    Console(width=150).print(_table(rows))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", action="append", choices=list(ROWS))
    parser.add_argument("--only", help="the rows of this module alone, such as same_slot")
    parser.add_argument(
        "--growth", action="store_true", help="measure at ten times the bookings, too"
    )
    return parser


def _measured(kinds: list[str], only: str | None, bookings: int) -> Iterator[Row]:
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
            folder = Path(name)
            try:
                with open_house(kind, Databases(folder), folder, bookings) as house:
                    for module in ROWS[kind]:
                        if only in (None, module.__name__.rsplit(".", 1)[-1]):
                            yield from module.measure(house, folder)
            finally:
                postgres.stop(folder)


def _grown(rows: list[Row], larger: list[Row]) -> Iterator[Row]:
    """The rows with what ten times the bookings made of them: a duration's or a rate's multiple of itself."""
    for row, large in zip(rows, larger, strict=True):
        yield replace(row, growth=large.ours / row.ours)


def _table(rows: list[Row]) -> Table:
    table = Table(title="Ours beside the limit, in one run (p95 and max in ms)")
    for heading in (
        "operation",
        "database",
        "ours",
        "limit",
        "unit",
        "ratio",
        "must",
        "",
        "p95",
        "max",
        "queries",
        "at 10x",
    ):
        table.add_column(heading)
    for row in rows:
        figures = (f"{row.ours:.4g}", f"{row.limit:.4g}", row.unit, f"{row.ratio:.3g}", row.must)
        table.add_row(
            row.operation, row.database, *figures, "yes" if row.reached else "NO",
            f"{row.p95:.1f}", f"{row.max:.1f}", "" if row.queries is None else str(row.queries),
            "" if row.growth is None else f"{row.growth:.2f}",
        )  # fmt: skip
    return table


def _machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    sys.exit(main())
