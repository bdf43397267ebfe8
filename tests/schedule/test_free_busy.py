"""Free and busy time of an instrument (VFREEBUSY)."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest

from instrument_share.foundation.interval import Interval
from tests.support.builders import AT, make_booking, make_closure, make_person

DAY = timedelta(days=1)


def test_free_and_busy_time_is_told_by_kind(client, session, scene):
    asked, sure = scene.ask(), scene.confirm(scene.ask(starts_at=AT + 3 * DAY))
    make_closure(scene.instrument, Interval(AT + 5 * DAY, AT + 9 * DAY))
    window = {"from": AT.isoformat(), "until": (AT + 7 * DAY).isoformat()}
    answer = client.get(
        f"/calendars/instruments/{scene.instrument.slug}/freebusy.ics", query_string=window
    )
    (told,) = icalendar.Calendar.from_ical(answer.data).walk("VFREEBUSY")
    assert {(period.params["FBTYPE"], period.start, period.end) for period in told["FREEBUSY"]} == {
        ("BUSY-TENTATIVE", asked.held_from, asked.held_until),
        ("BUSY", sure.held_from, sure.held_until),
        ("BUSY-UNAVAILABLE", AT + 5 * DAY, AT + 7 * DAY),
    }


def test_time_that_was_blocked_and_released_is_not_busy(client, session, scene):
    blocked = Interval(AT + 2 * DAY, AT + 3 * DAY)
    make_closure(scene.instrument, blocked, "blocking").release_minutes = 3 * 24 * 60
    make_closure(scene.instrument, Interval(AT + 5 * DAY, AT + 6 * DAY), "blocking")
    window = {"from": AT.isoformat(), "until": (AT + 7 * DAY).isoformat()}
    answer = client.get(
        f"/calendars/instruments/{scene.instrument.slug}/freebusy.ics", query_string=window
    )
    (told,) = icalendar.Calendar.from_ical(answer.data).walk("VFREEBUSY")
    busy = told["FREEBUSY"]
    periods = busy if isinstance(busy, list) else [busy]
    assert [(period.start, period.end) for period in periods] == [(AT + 5 * DAY, AT + 6 * DAY)]


def test_an_instrument_with_a_free_position_is_not_busy(client, session, scene):
    scene.instrument.positions = 2
    path = f"/calendars/instruments/{scene.instrument.slug}/freebusy.ics"
    scene.ask()
    assert "FREEBUSY;" not in client.get(path).text
    make_booking(scene.instrument, make_person())
    assert "FREEBUSY;" in client.get(path).text


@pytest.mark.parametrize(
    "window",
    [
        {"from": "yesterday"},
        {"from": "2026-03-02T09:00:00"},
        {"from": "2026-03-02T09:00:00Z", "until": "2026-03-02T09:00:00Z"},
        {"from": "2026-03-02T09:00:00Z", "until": "2028-03-02T09:00:00Z"},
    ],
)
def test_a_window_that_means_nothing_is_refused(client, session, scene, window):
    path = f"/calendars/instruments/{scene.instrument.slug}/freebusy.ics"
    assert client.get(path, query_string=window).status_code == 422
