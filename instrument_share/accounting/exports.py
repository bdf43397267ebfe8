"""All use and all bookings as tables, for the operator's own evaluations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from ..access.agreements.models import Agreement
from ..booking.models import Booking
from ..catalogue.models import Instrument
from ..foundation.database import db
from ..foundation.documents.sheet import Cell, Sheet
from ..foundation.money import decimal_of
from ..identity.models import Institution
from .models import UsageRecord
from .queries import all_usage

_USAGE = (
    "booking", "instrument", "institution", "country", "access_mode", "started_at", "ended_at",
    "minutes", "operator_minutes", "samples", "unit", "quantity", "rate", "discount_percent",
    "amount", "currency", "agreement",
)  # fmt: skip
_BOOKINGS = (
    "booking", "state", "instrument", "institution", "access_mode", "starts_at", "ends_at",
    "created_at", "submitted_at", "decided_at", "agreement",
)  # fmt: skip


def usage_sheet() -> Sheet:
    """One row a charge line; a line's quantity is in minutes where its unit is hours."""
    return Sheet("usage", _USAGE, [row for record in all_usage() for row in _usage_rows(record)])


def bookings_sheet() -> Sheet:
    """One row a booking, the first to begin first. It names no person and no purpose."""
    rows: Any = db.session.execute(
        select(
            Booking.reference, Booking.state, Instrument.slug, Institution.slug,
            Booking.access_mode, Booking.starts_at, Booking.ends_at, Booking.created_at,
            Booking.submitted_at, Booking.decided_at, Agreement.reference,
        )
        .join(Instrument, Instrument.id == Booking.instrument_id)
        .outerjoin(Institution, Institution.id == Booking.institution_id)
        .outerjoin(Agreement, Agreement.id == Booking.agreement_id)
        .order_by(Booking.starts_at, Booking.id)
    )  # fmt: skip
    return Sheet("bookings", _BOOKINGS, [tuple(row) for row in rows])


def _usage_rows(record: UsageRecord) -> Iterator[tuple[Cell, ...]]:
    institution = record.institution
    head = (
        record.booking.reference, record.instrument.slug,
        institution.slug if institution else None, institution.country if institution else None,
        record.booking.access_mode, record.started_at, record.ended_at,
        record.minutes, record.operator_minutes, record.samples,
    )  # fmt: skip
    for line in record.lines:
        rate, amount = (
            decimal_of(minor, line.currency) for minor in (line.rate_minor, line.amount_minor)
        )
        yield (
            *head, line.unit, line.quantity, rate, line.discount_percent, amount, line.currency,
            line.agreement.reference if line.agreement else None,
        )  # fmt: skip
