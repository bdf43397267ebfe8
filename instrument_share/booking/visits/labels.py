"""The words for visitors and for the languages of a letter, in the reader's language."""

from __future__ import annotations

from babel import Locale
from flask_babel import LazyString, get_locale, lazy_gettext

from ..letters.rules import Standing
from .rules import Phase, VisitorRole
from .schemas import COUNTRIES

ROLES: dict[str, LazyString] = {
    VisitorRole.PROFESSOR: lazy_gettext("Professor"),
    VisitorRole.RESEARCHER: lazy_gettext("Researcher"),
    VisitorRole.DOCTORAL_STUDENT: lazy_gettext("Doctoral student"),
    VisitorRole.STUDENT: lazy_gettext("Student"),
    VisitorRole.ENGINEER: lazy_gettext("Engineer"),
    VisitorRole.OTHER: lazy_gettext("Other staff"),
}
PHASES: dict[str, LazyString] = {
    Phase.ARRIVAL: lazy_gettext("Arrival"),
    Phase.DEPARTURE: lazy_gettext("Departure"),
}
#: By letters.rules.LANGUAGES.
LETTER_LANGUAGES: dict[str, LazyString] = {
    "en": lazy_gettext("English"),
    "zh-Hans+en": lazy_gettext("Chinese and English"),
    "ar+en": lazy_gettext("Arabic and English"),
    "ru+en": lazy_gettext("Russian and English"),
}
#: What a letter is worth, and the tone in which it is said.
STANDINGS: dict[Standing, tuple[LazyString, str]] = {
    Standing.VALID: (lazy_gettext("valid"), "good"),
    Standing.SUPERSEDED: (lazy_gettext("superseded"), "neutral"),
    Standing.REVOKED: (lazy_gettext("revoked"), "bad"),
}


def country_choices() -> list[tuple[str, str]]:
    """Every country and region by its name in the reader's language."""
    names = (get_locale() or Locale("en")).territories
    return sorted(
        ((code, str(names[code])) for code in COUNTRIES if code in names), key=lambda it: it[1]
    )
