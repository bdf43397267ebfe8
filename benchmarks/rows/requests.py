"""Requests for slots that the generated load leaves free."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from instrument_share.demo.synthetic import LENGTH, RHYTHM
from instrument_share.foundation.clock import now

_DAYS_AHEAD = 2


def free_starts(slugs: list[str], count: int) -> list[tuple[str, datetime]]:
    """The first `count` free starts: every instrument in turn, then the next gap between its bookings."""
    return list(itertools.islice(_gaps(slugs), count))


def _gaps(slugs: list[str]) -> Iterator[tuple[str, datetime]]:
    first = now().replace(hour=0, minute=0, second=0) + timedelta(days=_DAYS_AHEAD) + LENGTH
    for turn in itertools.count():
        for slug in slugs:
            yield slug, first + turn * RHYTHM


def body_of(slug: str, starts_at: datetime) -> dict[str, Any]:
    """What is posted for an hour from `starts_at`."""
    return {
        "instrument": slug,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        "access_mode": "on_site",
        "purpose": "To measure how fast this is.",
    }
