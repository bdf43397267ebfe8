"""A recurrence rule as people say it, in the language of the moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from babel import Locale
from flask_babel import get_locale, gettext, ngettext

from ...foundation.clock import zone
from ...foundation.http import show
from .rules import Frequency, Rule, parse


def sentence_of(rrule: str, first_start: datetime, time_zone: str) -> str:
    """`every week on Monday and Thursday, 10 times` for a rule that begins at a wall time of the zone."""
    rule = parse(rrule)
    return gettext(
        "%(rhythm)s, %(end)s",
        rhythm=_RHYTHMS[rule.frequency](rule, first_start),
        end=_end(rule, time_zone),
    )


def _end(rule: Rule, time_zone: str) -> str:
    if rule.until is not None:
        return gettext(
            "until %(day)s", day=show.date(rule.until.astimezone(zone(time_zone)).date())
        )
    return ngettext("%(num)s time", "%(num)s times", rule.count or 1)


def _daily(rule: Rule, first: datetime) -> str:
    every = gettext("every day")
    if rule.interval > 1:
        every = ngettext("every %(num)s day", "every %(num)s days", rule.interval)
    if rule.by_day:
        every = gettext("every %(days)s", days=_weekdays(rule))
    return _in_months(rule, every)


def _weekly(rule: Rule, first: datetime) -> str:
    days = _weekdays(rule) if rule.by_day else weekday_name(first.weekday())
    every = gettext("every week on %(days)s", days=days)
    if rule.interval > 1:
        every = ngettext(
            "every %(num)s week on %(days)s", "every %(num)s weeks on %(days)s", rule.interval,
            days=days,
        )  # fmt: skip
    return _in_months(rule, every)


def _monthly(rule: Rule, first: datetime) -> str:
    days = _days_of_month(rule, first)
    every = gettext("every month on %(days)s", days=days)
    if rule.interval > 1:
        every = ngettext(
            "every %(num)s month on %(days)s", "every %(num)s months on %(days)s", rule.interval,
            days=days,
        )  # fmt: skip
    return _in_months(rule, every)


def _yearly(rule: Rule, first: datetime) -> str:
    months, days = _months(rule.by_month or (first.month,)), _days_of_month(rule, first)
    if rule.interval == 1:
        return gettext("every year in %(months)s on %(days)s", months=months, days=days)
    return ngettext(
        "every %(num)s year in %(months)s on %(days)s",
        "every %(num)s years in %(months)s on %(days)s",
        rule.interval, months=months, days=days,
    )  # fmt: skip


_RHYTHMS: dict[Frequency, Callable[[Rule, datetime], str]] = {
    Frequency.DAILY: _daily,
    Frequency.WEEKLY: _weekly,
    Frequency.MONTHLY: _monthly,
    Frequency.YEARLY: _yearly,
}


def _in_months(rule: Rule, every: str) -> str:
    if not rule.by_month:
        return every
    return gettext("%(rhythm)s in %(months)s", rhythm=every, months=_months(rule.by_month))


def _days_of_month(rule: Rule, first: datetime) -> str:
    """The days of a month that the rule names; several conditions at once are told one after the other."""
    numbers = rule.by_month_day or (() if rule.by_day else (first.day,))
    named = []
    if rule.by_day:
        named.append(show.listed([_numbered(day, which) for day, which in rule.by_day]))
    if numbers:
        named.append(show.listed([_day_of_month(number) for number in numbers]))
    days = named[0]
    if len(named) > 1:
        days = gettext("%(weekday)s that is %(day)s", weekday=named[0], day=named[1])
    if not rule.by_position:
        return days
    which = show.listed([show.number(position) for position in rule.by_position])
    return gettext("%(days)s (of these number %(which)s)", days=days, which=which)


def _day_of_month(number: int) -> str:
    if number == -1:
        return gettext("the last day")
    if number < 0:
        return gettext("day %(number)s from the end", number=show.number(-number))
    return gettext("day %(number)s", number=show.number(number))


def _numbered(day: int, which: int) -> str:
    weekday = weekday_name(day)
    match which:
        case 0:
            return gettext("every %(weekday)s", weekday=weekday)
        case 1:
            return gettext("the first %(weekday)s", weekday=weekday)
        case 2:
            return gettext("the second %(weekday)s", weekday=weekday)
        case 3:
            return gettext("the third %(weekday)s", weekday=weekday)
        case 4:
            return gettext("the fourth %(weekday)s", weekday=weekday)
        case -1:
            return gettext("the last %(weekday)s", weekday=weekday)
        case 5:
            return gettext("the fifth %(weekday)s", weekday=weekday)
        case _:
            number = show.number(-which)
            return gettext(
                "the %(weekday)s that is number %(number)s from the end",
                weekday=weekday,
                number=number,
            )


def _weekdays(rule: Rule) -> str:
    return show.listed([weekday_name(day) for day in sorted({day for day, _ in rule.by_day})])


def weekday_name(day: int) -> str:
    """A weekday's name; 0 is Monday."""
    return _locale().days["format"]["wide"][day]


def _months(numbers: tuple[int, ...]) -> str:
    return show.listed([_locale().months["format"]["wide"][month] for month in numbers])


def _locale() -> Locale:
    return get_locale() or Locale("en")
