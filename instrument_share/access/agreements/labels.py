"""The words of agreements."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from .rules import CarryRule

CARRY_RULES: dict[str, LazyString] = {
    CarryRule.NONE: lazy_gettext("Nothing is carried over"),
    CarryRule.HOURS: lazy_gettext("Up to so many hours"),
    CarryRule.PERCENT: lazy_gettext("Up to so many percent of the yearly quota"),
}
