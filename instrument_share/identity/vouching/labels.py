"""The words for what becomes of people on a list."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from .values import Deed

DEEDS: dict[Deed, tuple[LazyString, str]] = {
    Deed.VOUCH: (lazy_gettext("You vouch for them"), "good"),
    Deed.INVITE: (lazy_gettext("They get an invitation"), "attention"),
    Deed.NONE: (lazy_gettext("Vouched for or invited already"), "neutral"),
    Deed.SUSPENDED: (lazy_gettext("Suspended: left as it is"), "bad"),
}
