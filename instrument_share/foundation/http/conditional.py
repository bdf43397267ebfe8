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


def version_sent(field: str = "version") -> int:
    """The version that the form carries unseen. Raises InvalidInput where it carries none: no page of ours sent it."""
    version = number_in(text_sent(field))
    if version is None:
        raise _unseen()
    return version


def text_sent(field: str) -> str:
    """The same of what is no number."""
    text = request.form.get(field, "")
    if not text:
        raise _unseen()
    return text


def _unseen() -> InvalidInput:
    return InvalidInput(fields={"_version": gettext("Reload the page and try again.")})


def number_in(text: str) -> int | None:
    """A version in digits; None for anything else, and for more digits than any row comes to."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
