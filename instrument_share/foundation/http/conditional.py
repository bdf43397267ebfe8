"""Which version is meant: by `If-Match` (RFC 9110 section 13.1.1), or by what a form carries unseen."""

from __future__ import annotations

from flask import request
from flask_babel import gettext

from ..errors import InvalidInput, VersionRequired


def version_asked() -> int:
    """The version in `If-Match: "<version>"`.

    Raises VersionRequired (428) without the header and InvalidInput where it is no version.
    """
    version = number_in(tag_asked())
    if version is None:
        raise InvalidInput(fields={"If-Match": gettext('Write the version in quotes, as in "3".')})
    return version


def tag_asked() -> str:
    """What stands in `If-Match: "<tag>"`, without its quotes. Raises VersionRequired (428) without the header."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise VersionRequired()
    return header.removeprefix("W/").strip('"')


def version_sent() -> int:
    """The version that the form carries unseen, in its field `version`. 0 where it carries none: what is acted on is
    never at that one, so the service answers StaleVersion.
    """
    return number_in(request.form.get("version", "")) or 0


def number_in(text: str) -> int | None:
    """A version in digits; None for anything else, and for more digits than any row comes to."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
