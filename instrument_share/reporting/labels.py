"""The words of reports, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import LazyString, gettext, lazy_gettext

from ..catalogue.labels import FIELDS, MODES
from ..foundation.http import show
from .rules import Grouping, Row

TITLES: dict[Grouping, LazyString] = {
    Grouping.COUNTRY: lazy_gettext("By country"),
    Grouping.INSTITUTION: lazy_gettext("By institution"),
    Grouping.FIELD: lazy_gettext("By research field"),
    Grouping.MODE: lazy_gettext("By access mode"),
    Grouping.INSTRUMENT: lazy_gettext("By instrument"),
}
HEADINGS: dict[Grouping, LazyString] = {
    Grouping.COUNTRY: lazy_gettext("Country"),
    Grouping.INSTITUTION: lazy_gettext("Institution"),
    Grouping.FIELD: lazy_gettext("Research field"),
    Grouping.MODE: lazy_gettext("Access mode"),
    Grouping.INSTRUMENT: lazy_gettext("Instrument"),
}
_WORDS: dict[Grouping, Callable[[str], str]] = {
    Grouping.COUNTRY: show.country,
    Grouping.FIELD: lambda code: str(FIELDS.get(code, code)),
    Grouping.MODE: lambda code: str(MODES.get(code, code)),
}


def name_of(grouping: Grouping, row: Row) -> str:
    """A row's name: content in the reader's language, a code in words."""
    if row.key is None:
        return gettext("Without an institution")
    if row.names:
        return show.localized(row.names)
    return _WORDS[grouping](row.key)
