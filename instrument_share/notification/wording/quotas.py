"""The words of messages about quotas of agreements."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

_AGREEMENT = lazy_gettext("Open the agreement")

WORDS: dict[Kind, Template] = {
    Kind.QUOTA_NEAR: Template(
        lazy_gettext("Quota nearly used: %(agreement)s"),
        lazy_gettext(
            "In %(year)s, %(taken_minutes)s of %(most_minutes)s are used or reserved (%(whose)s)."
        ),
        lazy_gettext("See who uses how much, or agree on more time before it runs out."),
        _AGREEMENT,
    ),
    Kind.QUOTA_USED_UP: Template(
        lazy_gettext("Quota used up: %(agreement)s"),
        lazy_gettext(
            "In %(year)s, %(taken_minutes)s of %(most_minutes)s are used or reserved (%(whose)s). "
            "Further bookings under it are refused."
        ),
        lazy_gettext("Agree on more time, or let people book without this agreement."),
        _AGREEMENT,
    ),
}
