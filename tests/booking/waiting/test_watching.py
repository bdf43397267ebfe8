"""Who watches an instrument is told of time that became free."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.models import FreedTime, Watch
from instrument_share.booking.waiting.rules import EntryState
from instrument_share.booking.waiting.values import WatchRequest
from instrument_share.foundation.errors import InvalidInput
from instrument_share.foundation.transaction import perform
from tests.booking.waiting.stage import HOUR, WEDNESDAY, cancel, join, someone, tell_watchers, told
from tests.support.builders import AT
from tests.support.scene import make_scene


def test_who_watches_is_told_of_time_that_is_still_free(session, scene):
    booking = scene.ask()
    person = someone()
    waiting.watch(WatchRequest(scene.instrument.slug), by=person, at=AT - HOUR)
    cancel(booking)
    assert tell_watchers(AT) == 0  # those who wait come first
    assert tell_watchers(AT + HOUR) == 1
    assert told(session, person) == ["freed_time"]
    assert tell_watchers(AT + 2 * HOUR) == 0


def test_time_that_somebody_took_is_not_told(session):
    scene = make_scene(opening={"tue": ["12:00-16:00"]})
    booking, entry, person = scene.ask(), join(scene), someone()
    waiting.watch(WatchRequest(scene.instrument.slug, days=3), by=person, at=AT - HOUR)
    cancel(booking)
    assert entry.state == EntryState.OFFERED
    assert tell_watchers(AT + HOUR) == 0
    assert told(session, person) == []


def test_a_watcher_is_told_once_a_day_of_everything_since(session, scene):
    person = someone()
    waiting.watch(WatchRequest(scene.instrument.slug, days=10, minutes=120), by=person, at=AT)
    for n in range(3):
        at = AT + n * HOUR + HOUR
        cancel(scene.ask(starts_at=WEDNESDAY + n * 8 * HOUR, at=at), at)
        tell_watchers(at + HOUR)
    assert told(session, person) == ["freed_time"]
    assert tell_watchers(AT + 26 * HOUR) == 1
    assert told(session, person) == ["freed_time"] * 2
    waiting.stop_watching(scene.instrument.slug, by=person)
    assert session.scalar(select(func.count()).select_from(Watch)) == 0


def test_freed_time_is_forgotten_in_the_end(session, scene):
    booking = scene.ask()
    waiting.watch(WatchRequest(scene.instrument.slug), by=someone(), at=AT)
    cancel(booking)
    perform(waiting.forget_freed, AT + timedelta(days=3))
    assert session.scalar(select(func.count()).select_from(FreedTime)) == 0


def test_nothing_is_remembered_where_nobody_watches(session, scene):
    cancel(scene.ask())
    assert session.scalar(select(func.count()).select_from(FreedTime)) == 0


@pytest.mark.parametrize("values", [{"days": 0}, {"days": 91}, {"minutes": 481}])
def test_a_watch_that_means_nothing_is_refused(session, scene, values):
    with pytest.raises(InvalidInput):
        waiting.watch(
            replace(WatchRequest(scene.instrument.slug), **values), by=scene.applicant, at=AT
        )
