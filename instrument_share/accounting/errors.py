"""What accounting refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..foundation.errors import Refusal


class QuotaExhausted(Refusal):
    """An agreement has fewer minutes left this year than a booking needs."""

    code = "quota_exhausted"
    status = 409
    message = lazy_gettext(
        "The agreement has not enough instrument time left this year. "
        "Ask for less time, or ask the partner institution's liaison for another agreement."
    )


class PeriodOpen(Refusal):
    """A month is billed when it is over at the host."""

    code = "period_open"
    status = 409
    message = lazy_gettext("This month is not over yet. Statements are issued when it is.")


class NothingToBill(Refusal):
    """Every charge of the month is on a statement already, or there was none."""

    code = "nothing_to_bill"
    status = 409
    message = lazy_gettext("There is nothing to bill for this month that is not billed already.")
