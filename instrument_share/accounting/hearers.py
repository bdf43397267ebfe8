"""What accounting writes when bookings and agreements change, and what it tells the floors below."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..access import pots, quota_left
from ..access.agreements import use
from ..access.agreements.models import Agreement
from ..access.projects.models import ProjectAllocation
from ..access.shares.models import FacilityShare
from ..booking import charges
from ..booking.models import Booking
from ..booking.rules import Action, State
from ..booking.values import FinishedUse
from ..catalogue import panels
from ..foundation.signals import (
    agreement_changed,
    allocation_changed,
    booking_changed,
    share_changed,
)
from ..identity.models import Person
from . import own_data, services
from .charge_text import charges_of
from .ledger import minutes_left_of
from .price_panel import prices_shown
from .use import allocations_use, shares_use, use_of


def connect() -> None:
    """Listen, and answer what the floors below ask. Connecting again changes nothing."""
    booking_changed.connect(_on_booking_changed)
    agreement_changed.connect(_on_agreement_changed)
    charges.register(charges_of)
    own_data.connect()
    quota_left.register(minutes_left_of)
    use.register(use_of)
    pots.register(allocations=allocations_use, shares=shares_use)
    allocation_changed.connect(_on_allocation_changed)
    share_changed.connect(_on_share_changed)
    panels.register("prices", prices_shown, template="accounting/panels/prices.html", place=30)


def _on_booking_changed(
    booking: Booking,
    *,
    action: Action,
    was: State | None,
    at: datetime,
    by: Person | None = None,
    usage: FinishedUse | None = None,
    **_: Any,
) -> None:
    """Reserve with the confirmation, anew with another time, release when it is left unused, record the use."""
    if action is Action.FINISH and usage is not None:
        services.record_use(booking, usage, by=by, at=at)
    elif was != State.CONFIRMED and booking.state == State.CONFIRMED:
        services.reserve(booking, at=at)
    elif was == booking.state == State.CONFIRMED:
        services.reserve_anew(booking, at=at)
    elif was == State.CONFIRMED and booking.state != State.IN_USE:
        services.release(booking, at=at)


def _on_agreement_changed(agreement: Agreement, *, at: datetime, **_: Any) -> None:
    services.grant_due(agreement, at=at)


def _on_allocation_changed(allocation: ProjectAllocation, *, at: datetime, **_: Any) -> None:
    services.grant_allocation(allocation, at=at)


def _on_share_changed(share: FacilityShare, *, at: datetime, **_: Any) -> None:
    services.grant_share(share, at=at)
