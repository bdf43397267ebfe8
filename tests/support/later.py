"""A real server that runs as it would some days from now: every process of it sees a later clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

_CLOCK = Path(__file__).parent / "clock"


def as_of(moment: datetime, environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` for a server whose present is `moment` when it starts."""
    ahead = (moment - datetime.now(UTC)).total_seconds()
    return {**environ, "PYTHONPATH": str(_CLOCK), "TESTS_SECONDS_AHEAD": str(ahead)}
