"""A real server that runs as it would some days from now: all its processes look at one clock, which can be moved."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

_CLOCK = Path(__file__).parent / "clock"
_numbers = itertools.count(1)


class Clock:
    """What a server started with `environ(…)` takes for the present, from one moment to the next; it ticks."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"clock-{next(_numbers)}"
        self._file.write_bytes(bytes(8))

    def move_to(self, moment: datetime) -> None:
        """The processes see it at once: the file lies in their memory."""
        ahead = (moment - datetime.now(UTC)) // timedelta(microseconds=1) * 1000
        with self._file.open("r+b", buffering=0) as file:
            file.write(ahead.to_bytes(8, "little", signed=True))

    def environ(self, environ: Mapping[str, str]) -> dict[str, str]:
        return {**environ, "PYTHONPATH": str(_CLOCK), "TESTS_CLOCK": str(self._file)}


def as_of(moment: datetime, environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` for a process whose present is `moment` now."""
    clock = Clock(Path(environ["INSTRUMENT_SHARE_INSTANCE_DIR"]).parent)
    clock.move_to(moment)
    return clock.environ(environ)
