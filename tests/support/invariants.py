"""What must hold whatever happened: asked of a database by whoever was hard on it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from instrument_share.accounting.ledger import account_balance
from instrument_share.accounting.models import MinutesEntry
from instrument_share.accounting.rules import Account
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
    held, reserved = _holds(), _reservations()
    for booking in db.session.scalars(select(Booking).order_by(Booking.id)):
        _assert_holds_its_time(booking, held[booking.id])
        _assert_has_its_quota(booking, reserved[booking.id])
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


def _holds() -> dict[int, list[tuple[Any, ...]]]:
    """Of each booking by its id, in the order of positions."""
    held = defaultdict(list)
    columns = (Hold.instrument_id, Hold.position, Hold.held_from, Hold.held_until)
    rows = db.session.execute(select(Hold.booking_id, *columns).order_by(Hold.position))
    for booking, *hold in rows:
        held[booking].append(tuple(hold))
    return held


def _reservations() -> dict[int, list[int]]:
    """Minutes that are still reserved for each booking, by its id: one figure for each quota they came from."""
    pot = (
        MinutesEntry.booking_id, MinutesEntry.agreement_id, MinutesEntry.year,
        MinutesEntry.institution_id, MinutesEntry.allocation_id, MinutesEntry.share_id,
    )  # fmt: skip
    reserved = defaultdict(list)
    balances = select(*pot, account_balance(Account.RESERVED)).group_by(*pot)
    for booking, *_, minutes in db.session.execute(balances):
        if minutes:
            reserved[booking].append(int(minutes))
    return reserved


def _assert_holds_its_time(booking: Booking, held: list[tuple[Any, ...]]) -> None:
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


def _assert_has_its_quota(booking: Booking, reserved: list[int]) -> None:
    if booking.agreement_id is None:
        return
    wanted = [booking.slot.minutes] if booking.state in (State.CONFIRMED, State.IN_USE) else []
    assert reserved == wanted, booking.reference
