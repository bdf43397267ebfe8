"""Recurrence rules (RFC 5545 section 3.3.10): which ones are taken, and the wall times that they name. Pure.

Taken are rules that name days: DAILY, WEEKLY, MONTHLY and YEARLY. They must end, by COUNT or UNTIL, within two years
and 200 occurrences. The wall clock is kept: 09:00 stays 09:00 when the clocks change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil import rrule

from ...foundation.localtime import AmbiguousTime, NonexistentTime, instant_of

MOST_OCCURRENCES = 200
LONGEST = timedelta(days=731)  # two years, a leap day in them
_LONGEST_TEXT = 500
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Frequency(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class RuleFault(StrEnum):
    """Why a rule is not taken; also the problem's code."""

    UNREADABLE = "rule_unreadable"
    FREQUENCY = "rule_frequency"
    PART = "rule_part"  # a part that is not taken with this frequency
    VALUE = "rule_value"  # a part's value is not one
    ENDLESS = "rule_endless"
    TWO_ENDS = "rule_two_ends"
    UNTIL = "rule_until"  # not a UTC time
    TOO_MANY = "rule_too_many"
    TOO_FAR = "rule_too_far"
    FIRST = "rule_first"  # the first start is not one of its times
    ALL_OVER = "rule_all_over"  # it ends before it begins


class RuleRefused(ValueError):
    """A rule that is not taken: the fault, and the part of the rule that it is about."""

    def __init__(self, fault: RuleFault, part: str = "") -> None:
        super().__init__(fault, part)
        self.fault, self.part = fault, part


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule that names days and ends.

    `by_day` holds the weekday (0: Monday) and which one of the month (0: every one).
    """

    frequency: Frequency
    interval: int = 1
    by_day: tuple[tuple[int, int], ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()
    week_start: int = 0
    count: int | None = None
    until: datetime | None = None

    def __str__(self) -> str:
        """The rule as RFC 5545 writes it."""
        parts = {
            "FREQ": self.frequency,
            "INTERVAL": str(self.interval) if self.interval > 1 else "",
            "BYMONTH": _joined(self.by_month),
            "BYMONTHDAY": _joined(self.by_month_day),
            "BYDAY": ",".join(f"{n or ''}{WEEKDAYS[day]}" for day, n in self.by_day),
            "BYSETPOS": _joined(self.by_position),
            "WKST": WEEKDAYS[self.week_start] if self.week_start else "",
            "COUNT": str(self.count or ""),
            "UNTIL": self.until.strftime("%Y%m%dT%H%M%SZ") if self.until else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)


class ClockFault(StrEnum):
    """Why a wall time is not one instant."""

    NONEXISTENT = "nonexistent_time"
    AMBIGUOUS = "ambiguous_time"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A time that a rule names: on the wall clock, and as an instant where it is one."""

    wall: datetime
    start: datetime | None
    fault: ClockFault | None = None


def parse(text: str) -> Rule:
    """The rule that `text` writes, with or without `RRULE:` in front. Raises RuleRefused."""
    parts = _parts_of(text)
    frequency = _frequency(parts)
    _check_taken(parts, frequency)
    rule = Rule(
        frequency=frequency,
        interval=_number("INTERVAL", parts.get("INTERVAL", "1"), 1, 999),
        by_day=_days(parts, frequency),
        by_month_day=_numbers(parts, "BYMONTHDAY", -31, 31),
        by_month=_numbers(parts, "BYMONTH", 1, 12),
        by_position=_numbers(parts, "BYSETPOS", -31, 31),
        week_start=_week_start(parts),
        count=_number("COUNT", parts["COUNT"], 1, 999_999) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
    )
    _check_bounded(rule)
    return rule


def expand(rule: Rule, first: datetime, zone: ZoneInfo) -> list[Occurrence]:
    """Every time that the rule names from the instant `first` on, on the wall clock of `zone`.

    A day that a month does not have is left out (RFC 5545). A wall time that the clocks skip is told and not counted;
    one that comes twice is told and counted; only of the first time itself it is known which one is meant. Raises
    RuleRefused where `first` is none of the rule's times, or the rule names too many or too late ones.
    """
    begin = first.astimezone(zone).replace(tzinfo=None, fold=0)
    found: list[Occurrence] = []
    counted = 0
    for wall in _walls(rule, begin):
        if _is_beyond(rule, wall, counted, zone):
            return found or _refuse(RuleFault.ALL_OVER)
        if wall - begin > LONGEST:
            raise RuleRefused(RuleFault.TOO_FAR)
        if counted == MOST_OCCURRENCES:
            raise RuleRefused(RuleFault.TOO_MANY)
        occurrence = Occurrence(wall, first) if wall == begin else occurrence_at(wall, zone)
        found.append(occurrence)
        counted += occurrence.fault is not ClockFault.NONEXISTENT
    return found


def occurrence_at(wall: datetime, zone: ZoneInfo) -> Occurrence:
    """A wall time with its instant, or with why it has none."""
    try:
        return Occurrence(wall, instant_of(wall, zone))
    except NonexistentTime:
        return Occurrence(wall, None, ClockFault.NONEXISTENT)
    except AmbiguousTime:
        return Occurrence(wall, None, ClockFault.AMBIGUOUS)


def _refuse(fault: RuleFault, part: str = "") -> list[Occurrence]:
    raise RuleRefused(fault, part)


def _is_beyond(rule: Rule, wall: datetime, counted: int, zone: ZoneInfo) -> bool:
    """UNTIL is an instant and includes itself; the wall time before it in a gap or fold is the earlier clock's."""
    if rule.until is not None:
        return wall.replace(tzinfo=zone).astimezone(UTC) > rule.until
    return rule.count is not None and counted >= rule.count


#: The Gregorian calendar repeats itself, weekdays too, after these days.
_400_YEARS = timedelta(days=146_097)


def _walls(rule: Rule, begin: datetime) -> Iterator[datetime]:
    """The wall times of the rule, the first one being `begin`; unbounded.

    dateutil looks for a rule that names no day at all until the year 9999. It is set to work close before, where it
    sees the same calendar and gives up soon.
    """
    away = _400_YEARS * ((9990 - begin.year) // 400)
    named = rrule.rrule(
        freq=getattr(rrule, rule.frequency),
        dtstart=begin + away,
        interval=rule.interval,
        byweekday=[rrule.weekday(day, n or None) for day, n in rule.by_day] or None,
        bymonthday=rule.by_month_day or None,
        bymonth=rule.by_month or None,
        bysetpos=rule.by_position or None,
        wkst=rule.week_start,
    )
    walls = iter(named)
    if next(walls, None) != begin + away:
        raise RuleRefused(RuleFault.FIRST)
    yield begin
    for wall in walls:
        yield wall - away


_PART = re.compile(r"([A-Z-]{1,20})=([A-Z0-9,+-]{1,200})")
_TAKEN: Mapping[Frequency, frozenset[str]] = {
    Frequency.DAILY: frozenset({"BYDAY", "BYMONTH"}),
    Frequency.WEEKLY: frozenset({"BYDAY", "BYMONTH"}),
    Frequency.MONTHLY: frozenset({"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}),
    Frequency.YEARLY: frozenset({"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}),
}
_ALWAYS_TAKEN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})


def _parts_of(text: str) -> dict[str, str]:
    text = text.strip().upper().removeprefix("RRULE:")
    if not text or len(text) > _LONGEST_TEXT:
        raise RuleRefused(RuleFault.UNREADABLE)
    parts: dict[str, str] = {}
    for each in text.split(";"):
        found = _PART.fullmatch(each)
        if found is None or found[1] in parts:
            raise RuleRefused(RuleFault.UNREADABLE, each[:40])
        parts[found[1]] = found[2]
    return parts


def _frequency(parts: Mapping[str, str]) -> Frequency:
    try:
        return Frequency(parts.get("FREQ", ""))
    except ValueError:
        raise RuleRefused(RuleFault.FREQUENCY, parts.get("FREQ", "FREQ")) from None


def _check_taken(parts: Mapping[str, str], frequency: Frequency) -> None:
    for name in parts:
        if name not in _TAKEN[frequency] | _ALWAYS_TAKEN:
            raise RuleRefused(RuleFault.PART, name)
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY"}:
        raise RuleRefused(RuleFault.PART, "BYSETPOS")
    if frequency is Frequency.DAILY and "BYDAY" in parts and parts.get("INTERVAL", "1") != "1":
        raise RuleRefused(RuleFault.PART, "BYDAY")  # it could name no day at all


def _check_bounded(rule: Rule) -> None:
    if rule.count is None and rule.until is None:
        raise RuleRefused(RuleFault.ENDLESS)
    if rule.count is not None and rule.until is not None:
        raise RuleRefused(RuleFault.TWO_ENDS)
    if rule.count is not None and rule.count > MOST_OCCURRENCES:
        raise RuleRefused(RuleFault.TOO_MANY, "COUNT")


_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


def _days(parts: Mapping[str, str], frequency: Frequency) -> tuple[tuple[int, int], ...]:
    """BYDAY; numbered weekdays are those of a month."""
    found = [_DAY.fullmatch(each) for each in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    days = []
    of_month = frequency is Frequency.MONTHLY or (
        frequency is Frequency.YEARLY and "BYMONTH" in parts
    )
    for each in found:
        if each is None or (each[1] and not of_month):
            raise RuleRefused(RuleFault.VALUE, "BYDAY")
        days.append((WEEKDAYS.index(each[2]), int(each[1] or 0)))
    return tuple(dict.fromkeys(days))


def _week_start(parts: Mapping[str, str]) -> int:
    if parts.get("WKST", "MO") not in WEEKDAYS:
        raise RuleRefused(RuleFault.VALUE, "WKST")
    return WEEKDAYS.index(parts.get("WKST", "MO"))


def _numbers(parts: Mapping[str, str], name: str, least: int, most: int) -> tuple[int, ...]:
    texts = parts[name].split(",") if name in parts else []
    return tuple(dict.fromkeys(_number(name, text, least, most) for text in texts))


def _number(name: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,6}", text) or int(text) == 0:
        raise RuleRefused(RuleFault.VALUE, name)
    if not least <= int(text) <= most:
        raise RuleRefused(RuleFault.VALUE, name)
    return int(text)


def _until(text: str) -> datetime:
    """UNTIL of a series with a time zone is a UTC time (section 3.3.10)."""
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise RuleRefused(RuleFault.UNTIL, "UNTIL") from None


def _joined(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
