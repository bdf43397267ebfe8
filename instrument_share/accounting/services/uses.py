"""A use is recorded: what really happened, what it costs, and what it takes of the quota."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ...booking.models import Booking
from ...foundation.clock import zone
from ...foundation.database import db, refer
from ...foundation.interval import Interval
from ...foundation.signals import usage_recorded
from ...identity.models import Institution, Person
from ..ledger import post_charge
from ..models import ChargeLine, UsageRecord
from ..prices import discount_of, prices_on
from ..rules import Line, Party, Quantities, charge_lines, payer_category
from .quotas import consume

if TYPE_CHECKING:
    from ...booking.values import FinishedUse


def record_use(
    booking: Booking, use: FinishedUse, *, by: Person | None, at: datetime
) -> UsageRecord:
    """Write the usage record of a finished booking with its charge and its entries in both ledgers.

    Whole minutes count: a minute that was begun and not finished is not charged.
    """
    record = UsageRecord(
        instrument=booking.instrument, institution=booking.institution,
        started_at=use.started_at, ended_at=use.ended_at,
        minutes=Interval(use.started_at, use.ended_at).minutes,
        operator_minutes=use.operator_minutes, samples=use.samples, note=use.note,
        recorded_by_id=by.id if by else None, recorded_at=at,
    )  # fmt: skip
    db.session.add(refer(record, booking=booking))
    db.session.flush()
    _charge(booking, record, at)
    consume(booking, record, at=at)
    usage_recorded.send(record, by=by, at=at)
    return record


def _charge(booking: Booking, record: UsageRecord, at: datetime) -> None:
    host = booking.instrument.facility.host
    category = payer_category(_party(booking.institution), Party(host.id, host.country))
    day = record.started_at.astimezone(zone(booking.time_zone)).date()
    prices = prices_on(booking.instrument, category, day)
    discount = discount_of(booking.agreement_id, booking.access_mode)
    used = Quantities(record.minutes, record.operator_minutes, record.samples)
    record.lines = [
        ChargeLine(
            place=place, payer_id=booking.institution_id, host_id=host.id, payer_category=category,
            currency=prices.currency, agreement_id=booking.agreement_id, **_sums(line),
        )
        for place, line in enumerate(charge_lines(used, prices, discount), 1)
    ]  # fmt: skip
    db.session.flush()
    for line in record.lines:
        post_charge(line, at=at)


def _sums(line: Line) -> dict[str, int | str]:
    return {
        "unit": line.unit,
        "quantity": line.quantity,
        "rate_minor": line.rate_minor,
        "gross_minor": line.gross_minor,
        "discount_percent": line.discount_percent,
        "discount_minor": line.discount_minor,
        "amount_minor": line.amount_minor,
    }


def _party(institution: Institution | None) -> Party | None:
    return Party(institution.id, institution.country) if institution else None
