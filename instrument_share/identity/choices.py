"""What the forms of identity offer to choose from, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import available_timezones

from flask_babel import get_locale

from ..foundation.clock import now
from ..foundation.http.show import country, localized, zone_name
from ..foundation.languages import LANGUAGES
from .queries import institutions


def institution_choices() -> list[tuple[str, str]]:
    """(slug, name and country), in the order of the names."""
    named = (
        (each.slug, f"{localized(each.names)} – {country(each.country)}") for each in institutions()
    )
    return sorted(named, key=lambda choice: choice[1].casefold())


def language_choices() -> list[tuple[str, str]]:
    return [(language.tag, language.name) for language in LANGUAGES]


def zone_choices() -> list[tuple[str, str]]:
    """Every zone of a continent or ocean by its IANA name, which people of all languages search for."""
    at = now()
    quarter = at.replace(minute=at.minute // 15 * 15, second=0)  # clocks change at full quarters
    return list(_zones_as_shown(str(get_locale()), quarter))


@lru_cache(maxsize=8)
def _zones_as_shown(_language: str, at: datetime) -> tuple[tuple[str, str], ...]:
    """Kept for a while: five hundred files are read for it."""
    named = sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    )
    return ("UTC", "UTC"), *((name, f"{name} · {zone_name(name, at)}") for name in named)
