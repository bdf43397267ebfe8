"""The same conditions told to whoever runs the instrument: what stands in the way of a booking of somebody's."""

from __future__ import annotations

from flask_babel import LazyString, gettext, lazy_gettext

from ..agreements.models import Agreement
from .rules import ConditionCode

_SENTENCES: dict[ConditionCode, LazyString] = {
    ConditionCode.MAIL_VERIFIED: lazy_gettext("The applicant's e-mail address is not confirmed."),
    ConditionCode.VOUCHED: lazy_gettext("The applicant's institution does not vouch for them."),
    ConditionCode.OPEN_TO: lazy_gettext("The instrument is not open to the applicant any more."),
    ConditionCode.QUALIFIED: lazy_gettext(
        "The applicant does not hold the qualification that this instrument asks for, or it will have run out."
    ),
    ConditionCode.SCREENED: lazy_gettext(
        "The applicant's screening is not in force: it is undecided, was declined or withdrawn, or has run out."
    ),
}


def staff_sentence(code: ConditionCode, agreement: Agreement | None) -> str:
    """What is not met, in one sentence."""
    if code is ConditionCode.AGREEMENT_HOLDS and agreement is not None:
        return gettext(
            "The agreement %(reference)s is not in force at the time of the booking.",
            reference=agreement.reference,
        )
    return str(_SENTENCES.get(code, lazy_gettext("A condition of this instrument is not met.")))
