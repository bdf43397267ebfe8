"""What the forms of identity offer to choose from, in the reader's language."""

from __future__ import annotations

from zoneinfo import available_timezones

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
    named = sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    )
    return [("UTC", "UTC"), *((name, f"{name} · {zone_name(name)}") for name in named)]
