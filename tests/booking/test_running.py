"""Starting, finishing, and nobody coming: what becomes of a confirmed booking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.errors import TooEarlyToStart, UsageImplausible, WrongState
from instrument_share.booking.models import Hold
from instrument_share.booking.rules import State
from instrument_share.booking.values import FinishedUse
from tests.support.builders import AT

TOMORROW = AT + timedelta(days=1)
HOUR = timedelta(hours=1)


def test_start_finish_and_what_is_left_is_free(scene, session):
    booking = scene.confirm(scene.ask())
    with pytest.raises(TooEarlyToStart):
        services.start(booking.reference, by=scene.manager, at=TOMORROW - HOUR, version=None)
    with pytest.raises(WrongState):
        services.finish(booking.reference, by=scene.manager, at=TOMORROW, version=None)
    services.start(booking.reference, by=scene.manager, at=TOMORROW, version=None)
    assert booking.state == State.IN_USE
    services.finish(booking.reference, by=scene.manager, at=TOMORROW + 3 * HOUR, version=None)
    assert (booking.state, booking.ended_at) == (State.COMPLETED, TOMORROW + 3 * HOUR)
    assert session.query(Hold).count() == 0
    services.settle([booking.id], by=scene.manager, at=TOMORROW + 9 * HOUR)
    assert booking.state == State.SETTLED


@pytest.mark.parametrize(
    ("started", "ended", "field"),
    [
        (HOUR, HOUR, "ended_at"),
        (HOUR * 0, 20 * HOUR, "ended_at"),
        (-2 * HOUR, HOUR, "started_at"),
    ],
)
def test_use_that_cannot_be_is_refused(scene, started, ended, field):
    booking = scene.confirm(scene.ask())
    services.start(booking.reference, by=scene.manager, at=TOMORROW, version=None)
    use = FinishedUse(TOMORROW + started, TOMORROW + ended)
    with pytest.raises(UsageImplausible) as refusal:
        services.finish(
            booking.reference, by=scene.manager, at=TOMORROW + 4 * HOUR, version=None, use=use
        )
    assert field in refusal.value.fields


def test_a_no_show_is_marked_once_the_time_has_begun(scene, session):
    booking = scene.confirm(scene.ask())
    with pytest.raises(TooEarlyToStart):
        services.mark_no_show(booking.reference, by=scene.manager, at=AT, version=None)
    services.mark_no_show(booking.reference, by=scene.manager, at=TOMORROW + HOUR, version=None)
    assert (booking.state, session.query(Hold).count()) == (State.NO_SHOW, 0)
