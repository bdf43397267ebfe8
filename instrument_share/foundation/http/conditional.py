"""Conditional requests (RFC 9110 section 13): `If-Match` for versions, ETags for feeds."""

from __future__ import annotations

from flask import request
from flask_babel import gettext

from ..errors import InvalidInput, VersionRequired


def version_asked() -> int:
    """The version in `If-Match: "<version>"`.

    Raises VersionRequired (428) without the header and InvalidInput where it is no version.
    """
    text = tag_asked()
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInput(fields={"If-Match": gettext('Write the version in quotes, as in "3".')})
    return int(text)


def tag_asked() -> str:
    """What stands in `If-Match: "<tag>"`, without its quotes. Raises VersionRequired (428) without the header."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise VersionRequired()
    return header.removeprefix("W/").strip('"')
