"""What must hold whatever happened: asked of a database by whoever was hard on it."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from instrument_share.accounting.ledger import reserved_for
from instrument_share.accounting.verification import findings
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.rules import LIVE, State
from instrument_share.foundation.database import db
from instrument_share.identity.audit import broken_entries


def assert_whole() -> None:
    """No two holds overlap; holds, quota and both ledgers say what the bookings' states say; the trail is unbroken."""
    db.session.rollback()
    db.session.expire_all()
    assert overlapping_holds() == 0
    for booking in db.session.scalars(select(Booking).order_by(Booking.id)):
        _assert_holds_its_time(booking)
        _assert_has_its_quota(booking)
    assert list(findings()) == []
    assert list(broken_entries()) == []


def overlapping_holds() -> int:
    one, other = aliased(Hold), aliased(Hold)
    return (
        db.session.scalar(
            select(func.count())
            .select_from(one)
            .join(
                other,
                (one.instrument_id == other.instrument_id)
                & (one.position == other.position)
                & (one.id < other.id)
                & (one.held_from < other.held_until)
                & (other.held_from < one.held_until),
            )
        )
        or 0
    )


def _assert_holds_its_time(booking: Booking) -> None:
    columns = (Hold.instrument_id, Hold.position, Hold.held_from, Hold.held_until)
    rows = db.session.execute(select(*columns).where(Hold.booking_id == booking.id)).all()
    held = [tuple(row) for row in rows]
    if booking.state not in LIVE:
        assert (held, booking.position) == ([], None), booking.reference
        return
    positions = (
        [booking.position] if not booking.whole else range(1, booking.instrument.positions + 1)
    )
    assert held == [
        (booking.instrument_id, position, booking.held_from, booking.held_until)
        for position in positions
    ], booking.reference


def _assert_has_its_quota(booking: Booking) -> None:
    if booking.agreement_id is None:
        return
    wanted = [booking.slot.minutes] if booking.state in (State.CONFIRMED, State.IN_USE) else []
    assert list(reserved_for(booking.id).values()) == wanted, booking.reference
