"""What cannot be asked for is said at its field, with everything that was typed."""

from __future__ import annotations

import re

import pytest

from tests.booking.request_form.stage import bookings, error_of, form
from tests.support.builders import AT, make_booking, make_institution, make_person
from tests.support.marks import one_engine

pytestmark = one_engine


def test_every_mistake_is_told_at_its_field_and_in_the_summary(desk, client, session) -> None:
    for changes, field, sentence in MISTAKES:
        answer = client.post(desk.address, data=form(**changes))
        assert answer.status_code == 422, changes
        assert sentence in error_of(answer.text, field), changes
        assert f'href="#field-{field}"' in answer.text, changes
        assert bookings(session) == [], changes


def test_everything_typed_is_kept_beside_an_error(desk, client) -> None:
    typed = form(end="08:00", purpose="Grain <b>boundaries</b>", zone="reader", do="send")
    page = client.post(desk.address, data=typed | {"samples-0-name": "Foil"}).text
    assert "Grain &lt;b&gt;boundaries&lt;/b&gt;" in page
    assert 'value="Foil"' in page
    assert 'value="08:00"' in page
    assert re.search(r'value="reader" checked', page)


#: What is typed, and the field and sentence of the answer.
MISTAKES: list[tuple[dict[str, str], str, str]] = [
    ({"day": ""}, "day", "Give a day."),
    ({"day": "30.2.2026"}, "day", "Write the day as"),
    ({"day": "2026-02-30"}, "day", "Write the day as"),
    ({"start": ""}, "start", "Give a time."),
    ({"start": "25:00"}, "start", "hours and minutes"),
    ({"start": "09:00+08:00"}, "start", "hours and minutes"),
    ({"end": "08:00"}, "end", "The end must lie after the start."),
    ({"end": "09:00"}, "end", "The end must lie after the start."),
    ({"day": "2026-03-01"}, "start", "in the past"),
    ({"day": "2026-12-01"}, "start", "too far ahead"),
    ({"start": "09:10"}, "start", "grid"),
    ({"ends_on": "2026-03-05"}, "end", "longer than the longest"),
    ({"purpose": " "}, "purpose", "Fill this in."),
    ({"purpose": "x" * 4001}, "purpose", "4000"),
    ({"purpose": "bell\a"}, "purpose", "control characters"),
    ({"access_mode": ""}, "access_mode", "Choose an access mode."),
    ({"access_mode": "teleport"}, "access_mode", "Choose an access mode."),
    ({"access_mode": "data"}, "access_mode", "cannot be used this way"),
    ({"agreement": "A-unknown"}, "agreement", "does not cover"),
    ({"samples-0-name": "Film", "samples-0-count": "0"}, "samples-0-count", "1 to 10,000"),
    ({"samples-0-name": "Fi\nlm"}, "samples-0-name", "line breaks"),
    ({"zone": "moon"}, "zone", "Choose a clock."),
]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_errors_are_told_in_every_language(desk, client, language) -> None:
    answer = client.post(f"{desk.address}?lang={language}", data=form(end="08:00"))
    assert answer.status_code == 422
    assert f'<html lang="{language}"' in answer.text
    assert 'class="error-summary"' in answer.text
    assert error_of(answer.text, "end")


def test_a_taken_time_offers_alternatives_that_fill_in_the_form(desk, client, session) -> None:
    other = make_person(make_institution())
    make_booking(desk.instrument, other, starts_at=AT.replace(day=3, hour=1))
    answer = client.post(desk.address, data=form())
    assert answer.status_code == 409
    assert "This time is taken" in error_of(answer.text, "start")
    offered = re.findall(r'name="choose" value="([^"]+)"', answer.text)
    assert offered
    refilled = client.post(desk.address, data=form(choose=offered[0]))
    assert refilled.status_code == 200
    assert "Cross-sections of thin films" in refilled.text
    assert len(bookings(session)) == 1
    start = re.search(r'name="start" type="time" value="([^"]+)"', refilled.text)[1]
    end = re.search(r'name="end" type="time" value="([^"]+)"', refilled.text)[1]
    day = re.search(r'name="day" type="date" value="([^"]+)"', refilled.text)[1]
    client.post(desk.address, data=form(day=day, start=start, end=end))
    assert len(bookings(session)) == 2


def test_add_a_row_keeps_what_was_typed_and_saves_nothing(desk, client, session) -> None:
    typed = form(do="add_row") | {"samples-0-name": "Foil", "samples-1-name": "Powder"}
    answer = client.post(desk.address, data=typed)
    assert answer.status_code == 200
    assert 'value="Powder"' in answer.text
    assert 'id="field-samples-3-name"' in answer.text
    assert bookings(session) == []
