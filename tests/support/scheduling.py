"""Which process does which tests, and in which order: each takes the next ones when it is free."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Their slow tests share what is dear to make: a process does all of a file, and all of one database.
TOGETHER = ("tests/test_packaging.py", "tests/booking/test_races.py")


def place(item: pytest.Item) -> int:
    """The longest first, so that no process waits for another's at the end; the quick ones fill what is left."""
    if item.nodeid.partition("::")[0] in TOGETHER:
        return 0
    return 2 if item.get_closest_marker("slow") is None else 1


class Schedule(LoadScopeScheduling):
    """Slow tests one by one; of a file with quick ones all that use the same engine.

    A process that stays with a file and an engine makes what its tests begin with once (`remembered`), and has fewer
    statements and templates to compile. `--dist loadgroup` would tell groups by test ids, which pytest 9 does not let
    it change.
    """

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the order is that of `place`

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        if file in TOGETHER:
            return f"{file}[{test.partition('[')[2]}"
        if _has_slow_tests(self.config.rootpath / file):
            return nodeid
        return f"{file}[{'postgresql' if 'postgresql' in test else ''}]"


@cache
def _has_slow_tests(file: Path) -> bool:
    return "mark.slow" in file.read_text()
