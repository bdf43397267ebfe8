"""Found first on a test server's PYTHONPATH: the processes of that server look at the test's clock (later.py).

They also hash passwords at the lowest cost, as the process of the tests does: in a story somebody signs in again and
again. Servers without a test's clock pay the full price.
"""

import mmap
import os
import time
from pathlib import Path

import argon2
import time_machine

with Path(os.environ["TESTS_CLOCK"]).open("rb") as _file:
    _ahead = mmap.mmap(_file.fileno(), 8, access=mmap.ACCESS_READ)  # shared, over a fork as well

_present = time_machine.travel(time.time()).start()
_present.time_ns = lambda: (
    time_machine.escape_hatch.time.time_ns() + int.from_bytes(_ahead[:8], "little", signed=True)
)

_make = argon2.PasswordHasher.__init__
_make.__defaults__ = (1, 8, 1, *(_make.__defaults__ or ())[3:])  # time, memory, lanes
