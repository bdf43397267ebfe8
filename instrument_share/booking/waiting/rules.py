"""Who waits for what, whether free time satisfies it, and how long an offer stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ...foundation.interval import Interval, intersect, subtract, union
from ...foundation.localtime import boundary_of, days_between
from ..availability.opening import DAYS
from ..availability.slot_rules import SlotRules

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


class EntryState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"  # time is held for them until they answer
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"  # offers went unanswered
    LEFT = "left"
    OVER = "over"  # the window has passed


#: States in which somebody still stands in line.
STANDING = frozenset({EntryState.WAITING, EntryState.OFFERED})


class Outcome(StrEnum):
    """What became of an offer."""

    STANDING = "standing"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"  # nobody answered in time


#: Live entries that one person may have at once.
MOST_ENTRIES = 10
#: The longest window that can be waited for.
LONGEST_WINDOW = timedelta(days=366)
#: Offers that may go unanswered before an entry lapses.
MOST_MISSED = 2
#: An offer stands for at most, and never for less than.
LONGEST_ANSWER, SHORTEST_ANSWER = timedelta(hours=24), timedelta(minutes=15)
#: Where the time is near, a quarter of what is left until the last moment to ask for it, but this long if it can be.
_NEAR_ANSWER = timedelta(hours=1)
#: A watcher is told of one instrument at most this often.
BETWEEN_ALERTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """`length` anywhere in `window`, on some weekdays (empty: any) and hours of the clock of `zone`.

    `passed` is time that was offered and not taken: it is not offered again.
    """

    length: timedelta
    window: Interval
    zone: ZoneInfo
    weekdays: frozenset[str] = frozenset()
    not_before: time | None = None
    not_after: time | None = None
    passed: Sequence[Interval] = ()

    @property
    def is_about_any_time(self) -> bool:
        return not self.weekdays and self.not_before is None and self.not_after is None


def wanted_stretches(wish: Wish, within: Interval) -> list[Interval]:
    """The stretches of the wish inside `within` that are long enough for it, by start."""
    window = wish.window.clipped(within)
    if window is None:
        return []
    hours = [window] if wish.is_about_any_time else intersect(_hours(wish, window), [window])
    return [each for each in subtract(hours, wish.passed) if each.duration >= wish.length]


def could_fit(wish: Wish, freed: Interval) -> bool:
    """Whether a slot of the wish could touch `freed`, if all around it were free: asked before any database is."""
    near = freed.widened(wish.length, wish.length)
    return any(stretch.overlaps(freed) for stretch in wanted_stretches(wish, near))


def placement(
    wish: Wish, free: Iterable[Interval], rules: SlotRules, freed: Interval | None = None
) -> Interval | None:
    """The earliest slot of the wish in the free stretches; where `freed` is given, one inside it if there is any,
    else one that touches it.

    `free` is as `availability_of` gives it: what lies inside one stretch can be had.
    """
    stretches = list(free)
    if not rules.shortest <= wish.length <= rules.longest:
        return None
    if freed is None:
        return _earliest(wish, stretches, rules, wish.window, None)
    near = freed.widened(wish.length, wish.length)
    return _earliest(wish, stretches, rules, freed, None) or _earliest(
        wish, stretches, rules, near, freed
    )


def answer_by(at: datetime, starts_at: datetime, lead: timedelta) -> datetime | None:
    """By when an offer made at `at` must be answered; None where it is too late to offer the time at all.

    A day, or a quarter of the time that is left until the time could no longer be asked for; never later than that.
    """
    left = starts_at - lead - at
    if left < SHORTEST_ANSWER:
        return None
    stands = min(LONGEST_ANSWER, max(left / 4, min(left, _NEAR_ANSWER)))
    return at + timedelta(seconds=int(stands.total_seconds()))


def state_after(outcome: Outcome, missed: int, wish: Wish, at: datetime) -> EntryState:
    """Where an entry goes when its offer came to `outcome`; `missed` counts this one.

    Whoever passes on an offer keeps their place for other times, as long as there can be any.
    """
    if outcome is Outcome.ACCEPTED:
        return EntryState.ACCEPTED
    if outcome is Outcome.MISSED and missed >= MOST_MISSED:
        return EntryState.LAPSED
    if at < wish.window.end and wanted_stretches(wish, Interval(at, wish.window.end)):
        return EntryState.WAITING
    return EntryState.DECLINED if outcome is Outcome.DECLINED else EntryState.LAPSED


def worth_telling(
    free: Iterable[Interval], freed: Sequence[Interval], shortest: timedelta
) -> list[Interval]:
    """The free stretches that came of the freed time and are long enough, each once, by start."""
    return union(
        each
        for each in free
        if each.duration >= shortest and any(each.overlaps(part) for part in freed)
    )


def _hours(wish: Wish, window: Interval) -> Iterator[Interval]:
    """The wished hours of every wished day, as real time; the day before may reach into the window."""
    for day in days_between(window.start - _DAY, window.end, wish.zone):
        if wish.weekdays and DAYS[day.weekday()] not in wish.weekdays:
            continue
        start = boundary_of(day, wish.not_before or time(0), wish.zone)
        last = wish.not_after or time(0)
        is_next_day = last <= (wish.not_before or time(0))
        end = boundary_of(day + _DAY if is_next_day else day, last, wish.zone)
        if start < end:
            yield Interval(start, end)


def _earliest(
    wish: Wish,
    free: Sequence[Interval],
    rules: SlotRules,
    within: Interval,
    touching: Interval | None,
) -> Interval | None:
    wanted = wanted_stretches(wish, within)
    firsts = (
        next(
            (slot for slot in _slots(part, wish.length, rules) if _touches(slot, touching)),
            None,
        )
        for stretch in free
        for part in intersect([stretch], wanted)
    )
    return min(filter(None, firsts), default=None)


def _slots(part: Interval, length: timedelta, rules: SlotRules) -> Iterator[Interval]:
    """Every slot of that length inside the part that begins and ends on the grid, by start."""
    start = rules.next_on_grid(part.start)
    while start + length <= part.end:
        if rules.is_on_grid(start + length):
            yield Interval(start, start + length)
        start = rules.next_on_grid(start + _MINUTE)


def _touches(slot: Interval, other: Interval | None) -> bool:
    return other is None or slot.overlaps(other)
