"""When instruments are free: known to the booking floor, asked by the search.

Booking registers its answers when it is connected: `free_time.register(free_among, first_free_of)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from ..foundation.above import Above
from ..foundation.interval import Interval
from ..foundation.spans import Span, second_after, second_of
from ..identity.models import Person


@dataclass(frozen=True, slots=True)
class Wish:
    """To use an instrument for at least `minutes` at a stretch in a window; `whom` (None: anybody) asks, `at` a
    moment.
    """

    window: Interval
    minutes: int
    at: datetime
    whom: Person | None

    @property
    def length(self) -> int:
        """Seconds."""
        return self.minutes * 60

    @property
    def span(self) -> Span:
        """The window in whole seconds."""
        return second_after(self.window.start), second_of(self.window.end)

    @property
    def is_for_a_slot(self) -> bool:
        """Whether nothing shorter than the whole window will do."""
        return self.length >= self.span[1] - self.span[0]


#: Which of the bookable instruments whose ids are selected (None: of all) fulfil the wish.
FreeAmong = Callable[[Select[int] | None, Wish], Sequence[int]]
#: When each of these instruments first fulfils it; those that do not are left out.
FirstFree = Callable[[Sequence[int], Wish], dict[int, datetime]]

_among: Above[FreeAmong] = Above(lambda _candidates, _wish: [])
_first: Above[FirstFree] = Above(lambda _ids, _wish: {})


def register(among: FreeAmong, first: FirstFree) -> None:
    """Say who knows."""
    _among.register(among)
    _first.register(first)


def free_among(candidates: Select[int] | None, wish: Wish) -> Sequence[int]:
    """The ids of the instruments, of those that `candidates` selects (None: of all), that fulfil the wish."""
    return _among.ask(candidates, wish)


def first_free(ids: Sequence[int], wish: Wish) -> dict[int, datetime]:
    """The UTC instant at which the wish is first fulfilled, for each instrument that does so."""
    return _first.ask(ids, wish) if ids else {}
