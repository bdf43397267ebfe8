"""Which process does which tests, and in which order: each takes the next ones when it is free."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Their slow tests share what is dear to make: a process does all of a file, and all of one database.
TOGETHER = ("tests/test_packaging.py", "tests/booking/test_races.py")
#: Have servers of their own, and take long: any process with a browser does the next of them.
STORIES = "tests/stories/"


def place(item: pytest.Item) -> int:
    """The longest first, so that no process waits for another's at the end; the quick ones fill what is left."""
    file = item.nodeid.partition("::")[0]
    if file in TOGETHER or _looks_at_pages(item.config.rootpath, file):
        return 0
    return 2 if item.get_closest_marker("slow") is None else 1


class Schedule(LoadScopeScheduling):
    """Slow tests one by one, but all looks at pages together; of a file with quick ones all that use the same engine.

    A process that stays with a file and an engine makes what its tests begin with once (`remembered`), and has fewer
    statements and templates to compile; one that does all looks at pages is the only one whose `site` must start, and
    get to know each page. `--dist loadgroup` would tell groups by test ids, which pytest 9 does not let it change.
    """

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the order is that of `place`

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        root = self.config.rootpath
        if file in TOGETHER:
            return f"{file}[{test.partition('[')[2]}"
        if _looks_at_pages(root, file):
            return "pages"
        if "mark.slow" in _text(root / file):
            return nodeid
        return f"{file}[{'postgresql' if 'postgresql' in test else ''}]"


def _looks_at_pages(root: Path, file: str) -> bool:
    return not file.startswith(STORIES) and "mark.browser" in _text(root / file)


@cache
def _text(file: Path) -> str:
    return file.read_text()
