"""An end for what is worked out of data of others, by libraries that stop only when they are done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfPatience(BaseException):
    """It took too long. No `Exception`, so that nothing on the way takes it for a fault of its own and goes on."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises OutOfPatience where what is done inside takes more than so many seconds of this process's own time.

    Signals come to the main thread, where workers do their chores; in any other thread there is no end.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _enough)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _enough(_number: int, _frame: FrameType | None) -> None:
    raise OutOfPatience()
