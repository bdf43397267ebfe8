"""On which days an office works: the weekend and the public holidays of its territory, made-up days included."""

from __future__ import annotations

from datetime import date, timedelta

from .holidays import is_holiday, is_made_up, is_territory
from .weekends import weekend_of

_DAY = timedelta(days=1)
#: Far longer than any run of days off: a calendar without working days would be a mistake of its data.
_LONGEST = 400


def is_working_day(day: date, territory: str) -> bool:
    """Neither weekend nor holiday, or a day of a weekend that is worked for a holiday elsewhere (as in China)."""
    if not is_territory(territory):
        return day.weekday() not in weekend_of(territory)
    if is_made_up(day, territory):
        return True
    return day.weekday() not in weekend_of(territory) and not is_holiday(day, territory)


def working_day_after(day: date, count: int, territory: str) -> date:
    """The `count`-th working day after `day`."""
    for _ in range(_LONGEST):
        if count <= 0:
            break
        day += _DAY
        count -= is_working_day(day, territory)
    return day


def working_day_before(day: date, count: int, territory: str) -> date:
    """The `count`-th working day before `day`."""
    for _ in range(_LONGEST):
        if count <= 0:
            break
        day -= _DAY
        count -= is_working_day(day, territory)
    return day
