"""Which position a booking takes, and which times cannot be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.errors import (
    EndBeforeStart,
    SlotTaken,
    SlotUnfit,
    UnknownInstrument,
    UnknownProject,
)
from instrument_share.booking.models import Booking
from instrument_share.foundation.errors import InvalidInput
from instrument_share.foundation.interval import Interval
from tests.support.builders import AT, make_closure, request_for

TOMORROW = AT + timedelta(days=1)
HOUR = timedelta(hours=1)


def test_positions_are_filled_before_the_slot_is_taken(scene):
    scene.instrument.positions = 2
    positions = [scene.ask().position for _ in range(2)]
    assert positions == [1, 2]
    with pytest.raises(SlotTaken):
        scene.ask()


def test_back_to_back_bookings_leave_room_for_setup(scene):
    scene.instrument.setup_minutes = 30
    scene.ask()
    with pytest.raises(SlotTaken):
        scene.ask(starts_at=TOMORROW + 4 * HOUR)
    scene.ask(starts_at=TOMORROW + 4.5 * HOUR)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"starts_at": AT - HOUR, "ends_at": AT + HOUR}, "in_the_past"),
        ({"starts_at": AT + HOUR, "ends_at": AT + 2 * HOUR}, "too_soon"),
        ({"ends_at": TOMORROW + timedelta(minutes=30)}, "too_short"),
        ({"ends_at": TOMORROW + 9 * HOUR}, "too_long"),
        ({"starts_at": TOMORROW + timedelta(minutes=7)}, "off_grid"),
        ({"starts_at": TOMORROW + 365 * 24 * HOUR, "ends_at": TOMORROW + (365 * 24 + 2) * HOUR}, "beyond_horizon"),
        ({"starts_at": TOMORROW + 10 * HOUR, "ends_at": TOMORROW + 12 * HOUR}, "outside_opening_hours"),
        ({"starts_at": TOMORROW + 48 * HOUR, "ends_at": TOMORROW + 50 * HOUR}, "in_closure"),
    ],
)  # fmt: skip
def test_a_slot_that_does_not_fit_is_refused_by_name(scene, session, change, code):
    instrument = scene.instrument
    instrument.lead_minutes, instrument.shortest_minutes = 120, 60
    instrument.opening = {day: ["08:00-20:00"] for day in instrument.opening}
    make_closure(instrument, Interval(TOMORROW + 47 * HOUR, TOMORROW + 49 * HOUR))
    request = replace(request_for(instrument), **change)
    with pytest.raises(SlotUnfit) as refusal:
        services.request_booking(request, by=scene.applicant, at=AT)
    assert refusal.value.code == code
    assert refusal.value.fields
    assert session.query(Booking).count() == 0


def test_what_means_nothing_is_refused(scene):
    request = request_for(scene.instrument)
    by = scene.applicant
    cases = {
        EndBeforeStart: replace(request, ends_at=request.starts_at),
        UnknownInstrument: replace(request, instrument="none-such"),
        UnknownProject: replace(request, project="P-none"),
        InvalidInput: replace(request, access_mode="mail_in"),
    }
    for error, wrong in cases.items():
        with pytest.raises(error):
            services.request_booking(wrong, by=by, at=AT)
