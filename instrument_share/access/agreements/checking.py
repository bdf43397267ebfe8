"""What a draft of an agreement must say, field by field."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext

from ...foundation.errors import InvalidInput
from .models import Agreement
from .rules import CarryRule
from .values import AgreementDraft


def check_draft(
    draft: AgreementDraft, *, on: Agreement | None = None, after: date | None = None
) -> None:
    """Raises InvalidInput with a sentence for each field that is missing or contradicts another.

    `on` is the agreement that is changed; `after` the last day of the one that is renewed.
    """
    rights = {
        "titles": any(draft.titles.values()),
        "hosts": bool(draft.hosts),
        "partners": bool(draft.partners or draft.countries),
        "valid_until": draft.valid_from <= draft.valid_until,
        "yearly_hours": draft.yearly_minutes >= 0,
        "carry_amount": _carry_is_right(draft),
        "valid_from": _follows(draft, after or _last_day_before(on)),
    }
    wrong = {name: _SENTENCES[name] for name, is_right in rights.items() if not is_right}
    successor = on.successor if on is not None else None
    if successor is not None and draft.valid_until >= successor.valid_from:
        wrong["valid_until"] = lazy_gettext(
            "Its renewal begins before that. Choose an earlier day."
        )
    if wrong:
        raise InvalidInput(fields=wrong)


def _last_day_before(on: Agreement | None) -> date | None:
    return on.predecessor.valid_until if on is not None and on.predecessor is not None else None


def _follows(draft: AgreementDraft, last_day: date | None) -> bool:
    return last_day is None or draft.valid_from > last_day


def _carry_is_right(draft: AgreementDraft) -> bool:
    if draft.carry_rule == CarryRule.PERCENT:
        return 0 < draft.carry_amount <= 100
    return draft.carry_amount > 0 or draft.carry_rule == CarryRule.NONE


_SENTENCES = {
    "titles": lazy_gettext("Give the agreement a title."),
    "hosts": lazy_gettext("Choose at least one host institution."),
    "partners": lazy_gettext("Choose at least one partner institution or country."),
    "valid_until": lazy_gettext("Choose a last day on or after the first."),
    "valid_from": lazy_gettext(
        "The agreement that is renewed is valid until then. Choose a later first day."
    ),
    "yearly_hours": lazy_gettext("Write a number of hours from 0 upwards."),
    "carry_amount": lazy_gettext("Say how much is carried over: hours, or 1 to 100 percent."),
}
