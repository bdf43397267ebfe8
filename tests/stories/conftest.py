"""An installation with the demonstration data, whose server lives through many days."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.later import Clock
from tests.support.server import ALONE, LiveServer, serve
from tests.support.starting import forked


@dataclass
class Installation:
    """Serve it, and move its clock to a later moment while it runs. `options` are those of `serve`.

    One process answers: nobody races in a story, and each process gets to know every page and query by itself.
    """

    environ: dict[str, str]
    folder: Path
    clock: Clock
    options: Sequence[str] = ()

    @contextlib.contextmanager
    def served(self) -> Iterator[LiveServer]:
        environ = self.clock.environ(self.environ)
        with serve(environ, self.folder, workers=1, options=self.options, start=forked) as server:
            yield server


@pytest.fixture
def installation(environ: dict[str, str], tmp_path: Path) -> Installation:
    """Nobody in its stories waits for mail, so no job worker runs; on PostgreSQL none would anyway."""
    environ["INSTRUMENT_SHARE_DEMO"] = "on"
    return Installation(environ, tmp_path, Clock(tmp_path), ALONE)


def after_month_of(moment: datetime) -> datetime:
    """Some hours into the month after `moment`: the month is over in every time zone."""
    first = (moment.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime(first.year, first.month, first.day, 20, tzinfo=UTC)
