"""What this floor holds about a person: the use of their bookings, what it cost, and what they recorded."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..booking.models import Booking
from ..identity.own_data.registry import Part, Rows, register
from .models import ChargeLine, MinutesEntry, Statement, StatementLine, UsageRecord

_OWN = (Booking.applicant_id,)
_USE = (UsageRecord.booking_id, *_OWN)


def connect() -> None:
    """Say what is held. Connecting again changes nothing."""
    register(_USAGE, _RECORDED)


_USAGE = Part(
    "usage",
    lazy_gettext("Usage and charges"),
    lazy_gettext(
        "The use of your bookings, its charges and hours, and the statements in which they stand."
    ),
    (
        Rows("usage", UsageRecord.booking_id, _OWN),
        Rows("charges", ChargeLine.usage_id, _USE),
        Rows("statements", StatementLine.charge_line_id, (ChargeLine.usage_id, *_USE)),
        Rows("hours", MinutesEntry.booking_id, _OWN),
    ),
    stays=lazy_gettext(
        "Uses, charges, hours and statements: ledgers cannot be changed and must be kept for years. They hold no name."
    ),
)
_RECORDED = Part(
    "accounting_work",
    lazy_gettext("What you recorded"),
    lazy_gettext("Uses that you wrote down and statements that you issued."),
    (
        Rows(
            "uses_recorded", UsageRecord.recorded_by_id,
            only=("booking_id", "started_at", "ended_at", "note", "recorded_at"),
        ),
        Rows("statements_issued", Statement.issued_by_id, only=("number", "period", "issued_at")),
    ),
    stays=lazy_gettext("Uses that were written down, with their notes, and statements."),
)  # fmt: skip
