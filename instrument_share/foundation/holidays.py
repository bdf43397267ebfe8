"""Public holidays of a territory: a country (`CN`) or a part of one (`DE-BY`), known without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache

#: Language of ours -> how the library may call it, the best first; it falls back to a territory's own language.
_LANGUAGES = {"zh-Hans": ("zh_CN",), "ar": ("ar", "ar_EG", "ar_SA", "ar_AE"), "en": ("en_US",)}


def is_territory(code: str) -> bool:
    """Whether the public holidays of a territory of that code are known."""
    country, _, part = code.partition("-")
    return country in _supported() and (not part or part in _supported()[country])


def countries() -> Sequence[str]:
    """Codes of the countries whose public holidays are known; the library has each by three letters, too."""
    return sorted(code for code in _supported() if len(code) == 2)


def is_holiday(day: date, territory: str) -> bool:
    return day in _holidays(territory, day.year, "en")


def is_made_up(day: date, territory: str) -> bool:
    """Whether a day of the weekend is worked there, because a day off elsewhere was bought with it."""
    return day in _made_up(territory, day.year)


def holiday_name(day: date, territory: str, language: str) -> str:
    """What the day is called in a language where that is known, in the territory's own where not; else nothing."""
    return _holidays(territory, day.year, language).get(day, "")


@cache
def _supported() -> Mapping[str, list[str]]:
    import holidays  # takes a quarter of a second: only where some instrument keeps holidays

    return holidays.list_supported_countries()


@lru_cache(maxsize=64)
def _made_up(territory: str, year: int) -> frozenset[date]:
    import holidays

    country, _, part = territory.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=year)
    return frozenset(getattr(found, "weekend_workdays", ()))


@lru_cache(maxsize=256)
def _holidays(territory: str, year: int, language: str) -> Mapping[date, str]:
    import holidays

    country, _, part = territory.partition("-")
    known = holidays.list_localized_countries().get(country, [])
    wished = next((each for each in _LANGUAGES.get(language, ()) if each in known), None)
    fallback = "en_US" if "en_US" in known else None
    found = holidays.country_holidays(
        country, subdiv=part or None, years=year, language=wished or fallback
    )
    return dict(found)
