"""Which process does which test: each takes the next one when it is free."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

#: Their tests share what is dear to make: a process does all of a file, and all of one database.
TOGETHER = ("tests/test_packaging.py", "tests/booking/test_races.py")


class Schedule(LoadScopeScheduling):
    """Those that stay together first, being the longest.

    In place of `--dist loadgroup`, which would tell groups by test ids that pytest 9 does not let it change.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        return f"{file}[{test.partition('[')[2]}" if file in TOGETHER else nodeid
