"""Zone data of another year: as long as `zone_data` lasts, a zone follows one rule for ever."""

from __future__ import annotations

import contextlib
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

from instrument_share.foundation.calendar.zones import vtimezone


@contextlib.contextmanager
def zone_data(folder: Path, **rules: str) -> Iterator[None]:
    """`with zone_data(tmp_path, Asia__Almaty="<+06>-6"): …`; rules are POSIX TZ strings (RFC 9636 section 3.3.1)."""
    for name, rule in rules.items():
        file = folder / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_tzif(rule))
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(folder), *before])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(before)
        zoneinfo.ZoneInfo.clear_cache()
        vtimezone.cache_clear()


def _tzif(rule: str) -> bytes:
    """The smallest file (RFC 9636): no transitions, one type that is never used, and the rule as its footer."""
    counts = b"".join(count.to_bytes(4, "big") for count in (0, 0, 0, 0, 1, 4))
    block = b"TZif2" + bytes(15) + counts + bytes(6) + b"UTC\0"
    return block + block + f"\n{rule}\n".encode()
