"""Writing for somebody who is not asking right now: texts and times in their language and zone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from flask import g
from flask_babel import LazyString, force_locale

from .languages import LANGUAGES, Language, best_of
from .localized import LocalizedText


@contextlib.contextmanager
def writing_for(language: str, time_zone: str) -> Iterator[None]:
    """Inside, gettext and `foundation.http.show` speak this BCP 47 tag in this IANA zone.

    Needs an application context, but no request; where there is one, its reader comes back.
    """
    with force_locale(best_of([language]).formats):
        babel = g._flask_babel  # where Flask-Babel keeps what it has chosen
        before = getattr(babel, "babel_tzinfo", None)
        babel.babel_tzinfo = ZoneInfo(time_zone)
        try:
            yield
        finally:
            babel.babel_tzinfo = before


def in_every_language(text: LazyString) -> LocalizedText:
    """A text of ours as content that each of its readers finds in their language."""
    return {language.tag: _said_in(language, text) for language in LANGUAGES}


def _said_in(language: Language, text: LazyString) -> str:
    with force_locale(language.formats):
        return str(text)
