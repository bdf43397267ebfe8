"""References inside sentences stay on one line: a narrow screen would break them at their hyphen."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

#: `B-7GRS1966`, `PROP-233W6R`, `D-2026-01`, `NJU-L-2026-0001`.
_REFERENCE = re.compile(r"\b(?:[A-Z]+-)?[A-Z]{1,5}-(?:[0-9A-Z]{5,10}|[0-9]{4}-[0-9]{2,4})\b")
_PAGE = Markup('<span class="nowrap">{}</span>')
_MAIL = Markup('<span style="white-space:nowrap">{}</span>')


def unbroken(text: object, *, in_mail: bool = False) -> Markup:
    """The text as HTML, none of its references broken over two lines. Mail programs know no style sheet."""
    whole = _MAIL if in_mail else _PAGE
    return Markup(_REFERENCE.sub(lambda found: whole.format(found.group()), escape(text)))  # noqa: S704 all escaped
