"""Which days a territory rests on: not everywhere Saturday and Sunday."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError


@cache
def weekend_of(territory: str) -> frozenset[int]:
    """The weekdays (Monday is 0) of the weekend in an ISO 3166 territory, by CLDR."""
    try:
        locale = Locale.parse(f"und_{territory}")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    first, last = locale.weekend_start, locale.weekend_end
    return frozenset((first + day) % 7 for day in range((last - first) % 7 + 1))
