"""The week in words, on instrument pages and beside the form, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from instrument_share.foundation.interval import Interval
from tests.support.builders import (
    AT,
    make_booking,
    make_closure,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
)
from tests.support.marks import one_engine
from tests.support.signing import sign_in

pytestmark = [one_engine, pytest.mark.usefixtures("present")]

WEEKDAYS = {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
TOMORROW = AT + timedelta(days=1)  # Tuesday noon in Shanghai


@pytest.fixture
def instrument(session):
    return make_instrument(opening=WEEKDAYS)


@pytest.fixture
def reader(session, client):
    person = make_person(make_institution())
    sign_in(client, person)
    return person


def days(page: str) -> list[str]:
    """The text of every day of the list."""
    found = re.findall(r'<li class="day.*?(?=<li class="day|</ol>)', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", day).replace("\u202f", " ").split()) for day in found]


def week(client, instrument, query: str = "") -> list[str]:
    return days(client.get(f"/instruments/{instrument.slug}{query}").text)


def test_seven_days_from_today_with_both_clocks(client, instrument, reader) -> None:
    shown = week(client, instrument)
    assert len(shown) == 7
    assert shown[0].startswith("Monday, March 2, 2026")
    assert "9:00 AM – 5:00 PM your time: 6:00 AM – 2:00 PM free" in shown[1]


def test_visitors_see_the_week_too(client, instrument) -> None:
    assert "9:00 AM – 5:00 PM" in week(client, instrument)[1]


def test_free_time_links_to_the_form_with_that_time(client, instrument, reader) -> None:
    page = client.get(f"/instruments/{instrument.slug}").text
    links = re.findall(r'class="slot__ask" href="([^"]+)"', page)
    assert (
        f"/instruments/{instrument.slug}/book?start=2026-03-03T01:00:00Z&amp;minutes=240#request"
        in [link.replace("%3A", ":") for link in links]
    )
    form = client.get(links[1].replace("&amp;", "&")).text
    assert 'value="2026-03-03"' in form


def test_booked_and_closed_time_is_busy(client, instrument, reader) -> None:
    make_booking(instrument, reader, starts_at=TOMORROW, hours=1)
    make_closure(instrument, Interval(TOMORROW + timedelta(hours=2), TOMORROW + timedelta(hours=3)))
    (tuesday,) = [day for day in week(client, instrument) if day.startswith("Tuesday")]
    assert "12:00 PM – 1:00 PM your time: 9:00 AM – 10:00 AM busy" in tuesday
    assert "2:00 PM – 3:00 PM your time: 11:00 AM – 12:00 PM closed" in tuesday
    assert "1:00 PM – 2:00 PM your time: 10:00 AM – 11:00 AM free" in tuesday


def test_weekend_without_opening_hours_says_so(client, instrument) -> None:
    (saturday,) = [day for day in week(client, instrument) if day.startswith("Saturday")]
    assert "no opening hours" in saturday
    assert "No free time" in saturday


def test_reader_beyond_the_date_line_sees_the_other_day(client, instrument, session) -> None:
    person = make_person(make_institution(time_zone="America/Los_Angeles"))
    sign_in(client, person)
    (tuesday,) = [day for day in week(client, instrument) if day.startswith("Tuesday")]
    assert "your time: Mon 5:00 PM – 1:00 AM" in tuesday


def test_another_week_can_be_looked_at_without_script(client, instrument, reader) -> None:
    page = client.get(f"/instruments/{instrument.slug}").text
    later = re.search(r'href="([^"]+week=2026-03-09[^"]*)"', page)[1]
    shown = days(client.get(later).text)
    assert shown[0].startswith("Monday, March 9, 2026")


@pytest.mark.parametrize("asked", ["2020-01-01", "yesterday", "9999-99-99", "9999-12-31"])
def test_senseless_weeks_do_no_harm(client, instrument, asked) -> None:
    assert client.get(f"/instruments/{instrument.slug}?week={asked}").status_code == 200


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(client, session) -> None:
    facility = make_facility(time_zone="Europe/Berlin")
    instrument = make_instrument(facility, opening={"sun": ["00:00-24:00"]}, longest_minutes=1440)
    with time_machine.travel("2026-03-27T12:00Z", tick=False):
        page = client.get(f"/instruments/{instrument.slug}").text
    (link,) = re.findall(r'class="slot__ask" href="([^"]+)"', page)
    assert "2026-03-28T23" in link
    assert "the whole day" in page


def test_a_public_holiday_that_the_instrument_keeps_is_named_and_closed(client, session) -> None:
    keeps = {"holiday_territory": "CN", "holiday_opening": ["09:00-11:00"]}
    instrument = make_instrument(opening=WEEKDAYS, **keeps)
    with time_machine.travel("2026-04-30T04:00Z", tick=False):
        shown = week(client, instrument)
        assert "Labor Day" in shown[1]
        assert "9:00 AM – 11:00 AM" in shown[1]
        assert "劳动节" in week(client, instrument, "?lang=zh-Hans")[1]
