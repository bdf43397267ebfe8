"""The form that asks for instrument time, on both databases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine

from instrument_share.booking.models import Booking
from instrument_share.catalogue.models import Instrument
from instrument_share.identity.models import Person
from tests.support.builders import (
    AT,
    make_agreement,
    make_booking,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
    make_project,
)
from tests.support.signing import sign_in


@pytest.fixture(autouse=True)
def present():
    with time_machine.travel(AT, tick=False):
        yield


@dataclass
class Desk:
    """A researcher in Almaty at the form of an instrument in Shanghai."""

    instrument: Instrument
    researcher: Person

    @property
    def address(self) -> str:
        return f"/instruments/{self.instrument.slug}/book"


@pytest.fixture
def desk(session, client) -> Desk:
    researcher = make_person(make_institution())
    desk = Desk(make_instrument(modes=["on_site", "remote"]), researcher)
    sign_in(client, researcher)
    return desk


def form(**changes: str) -> dict[str, str]:
    """The form as a researcher fills it in: tomorrow from 9 to 13 on the instrument's clock."""
    return {
        "submission": "one-form",
        "do": "send",
        "zone": "instrument",
        "day": "2026-03-03",
        "start": "09:00",
        "end": "13:00",
        "access_mode": "on_site",
        "purpose": "Cross-sections of thin films",
    } | changes


def bookings(session) -> list[Booking]:
    return session.query(Booking).order_by(Booking.id).all()


def error_of(page: str, field: str) -> str:
    found = re.search(rf'id="error-{field}">(.*?)</p>', page, re.DOTALL)
    assert found, f"no error at {field}"
    return re.sub(r"<[^>]+>", "", found[1])


def test_form_shows_conditions_week_and_fields(desk, client) -> None:
    page = client.get(desk.address).text
    assert page.index("Your institution has vouched for you") > 0
    assert "Free and busy time" in page
    assert page.count("<h1") == 1
    for field in ("day", "start", "end", "ends_on", "purpose", "samples-0-name", "access_mode"):
        assert f'id="field-{field}"' in page


def test_visitor_is_asked_to_sign_in(desk, app) -> None:
    answer = app.test_client().get(desk.address)
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_unknown_instrument_is_not_found(desk, client) -> None:
    assert client.get("/instruments/nothing/book").status_code == 404
    assert client.post("/instruments/nothing/book", data=form()).status_code == 404


def test_link_fills_in_the_time_on_the_instruments_clock(desk, client) -> None:
    page = client.get(desk.address + "?start=2026-03-03T01:00:00Z&minutes=240").text
    assert 'value="2026-03-03"' in page
    assert 'value="09:00"' in page
    assert 'value="13:00"' in page


def test_calendar_fills_in_from_and_until(desk, client) -> None:
    page = client.get(
        desk.address + "?from=2026-03-03T09:00:00%2B08:00&until=2026-03-03T10:30:00%2B08:00"
    )
    assert 'value="09:00"' in page.text
    assert 'value="10:30"' in page.text


def test_a_whole_free_day_is_cut_to_the_longest_booking(desk, client) -> None:
    page = client.get(desk.address + "?from=2026-03-03T00:00:00Z&until=2026-03-04T00:00:00Z").text
    assert 'value="08:00"' in page
    assert 'value="16:00"' in page


@pytest.mark.parametrize("query", ["start=x&minutes=y", "start=2026-03-03T01:00:00", "minutes=-1"])
def test_senseless_link_leaves_the_form_empty(desk, client, query) -> None:
    answer = client.get(f"{desk.address}?{query}")
    assert answer.status_code == 200
    assert 'value="09:00"' not in answer.text


def test_sending_makes_a_submitted_booking(desk, client, session) -> None:
    answer = client.post(desk.address, data=form())
    (booking,) = bookings(session)
    assert answer.status_code == 302
    assert answer.location.endswith(f"/bookings/{booking.reference}")
    assert booking.state == "submitted"
    assert booking.starts_at.isoformat() == "2026-03-03T01:00:00+00:00"
    assert booking.ends_at - booking.starts_at == timedelta(hours=4)


def test_time_may_be_written_on_the_readers_clock(desk, client, session) -> None:
    client.post(desk.address, data=form(zone="reader", start="06:00", end="10:00"))
    (booking,) = bookings(session)
    assert booking.starts_at.isoformat() == "2026-03-03T01:00:00+00:00"


def test_booking_may_end_on_another_day(desk, client, session) -> None:
    client.post(desk.address, data=form(start="22:00", end="02:00", ends_on="2026-03-04"))
    (booking,) = bookings(session)
    assert booking.ends_at - booking.starts_at == timedelta(hours=4)


def test_draft_holds_nothing(desk, client, session) -> None:
    client.post(desk.address, data=form(do="draft"))
    (booking,) = bookings(session)
    assert (booking.state, booking.position) == ("draft", None)


def test_everything_that_was_chosen_is_kept_with_the_booking(desk, client, session) -> None:
    agreement = make_agreement(desk.instrument.facility.host, desk.researcher.institution)
    project = make_project(desk.researcher)
    samples = {
        "samples-0-name": "硅片 \u2067عينة\u2069 🔬",
        "samples-0-count": "12",
        "samples-1-name": "",
        "samples-1-count": "1",
        "samples-3-name": "Powder",
        "samples-3-hazard": "fine dust",
        "samples-3-afterwards": "destroy",
    }
    chosen = form(agreement=agreement.reference, project=project.reference, access_mode="remote")
    client.post(desk.address, data=chosen | samples)
    (booking,) = bookings(session)
    assert booking.agreement.reference == agreement.reference
    assert booking.project.reference == project.reference
    assert booking.access_mode == "remote"
    assert [(s.name, s.count, s.hazard, s.afterwards) for s in booking.samples] == [
        ("硅片 \u2067عينة\u2069 🔬", 12, "", "return"),
        ("Powder", 1, "fine dust", "destroy"),
    ]


def test_two_submits_of_one_form_make_one_booking(desk, client, session) -> None:
    first = client.post(desk.address, data=form())
    second = client.post(desk.address, data=form())
    assert len(bookings(session)) == 1
    assert (second.status_code, second.location) == (302, first.location)


def test_a_changed_form_that_was_sent_before_is_asked_about(desk, client, session) -> None:
    client.post(desk.address, data=form())
    answer = client.post(desk.address, data=form(start="14:00", end="15:00"))
    assert answer.status_code == 422
    assert "You have sent this form before" in answer.text
    key = re.search(r'name="submission" value="([^"]+)"', answer.text)[1]
    client.post(desk.address, data=form(start="14:00", end="15:00", submission=key))
    assert len(bookings(session)) == 2


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


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_errors_are_told_in_every_language(desk, client, language) -> None:
    answer = client.post(f"{desk.address}?lang={language}", data=form(end="08:00"))
    assert answer.status_code == 422
    assert f'<html lang="{language}"' in answer.text
    assert 'class="error-summary"' in answer.text
    assert error_of(answer.text, "end")


@pytest.fixture
def berlin_desk(session, client) -> Desk:
    """An instrument in Berlin, where clocks go forward on 29 March 2026 and back on 25 October."""
    researcher = make_person(make_institution())
    facility = make_facility(time_zone="Europe/Berlin")
    sign_in(client, researcher)
    return Desk(make_instrument(facility, horizon_days=300), researcher)


def test_a_time_that_the_clocks_skip_has_its_own_sentence(berlin_desk, client, session) -> None:
    answer = client.post(
        berlin_desk.address, data=form(day="2026-03-29", start="02:30", end="04:00")
    )
    assert answer.status_code == 422
    assert "does not exist" in error_of(answer.text, "start")
    assert bookings(session) == []


@pytest.mark.parametrize(
    ("language", "skipped", "twice"),
    [("en", "not exist", "twice"), ("zh-Hans", "不存在", "两次"), ("ar", "فلا وجود", "مرتين")],
)
def test_the_change_of_clocks_is_told_in_every_language(
    berlin_desk, client, session, language, skipped, twice
) -> None:
    for day, words in (("2026-03-29", skipped), ("2026-10-25", twice)):
        typed = form(day=day, start="02:30", end="04:00")
        answer = client.post(f"{berlin_desk.address}?lang={language}", data=typed)
        assert answer.status_code == 422
        assert words in error_of(answer.text, "start")
    assert bookings(session) == []


def test_a_time_that_comes_twice_asks_which_one(berlin_desk, client, session) -> None:
    typed = form(day="2026-10-25", start="02:30", end="04:00")
    answer = client.post(berlin_desk.address, data=typed)
    assert answer.status_code == 422
    assert "comes twice" in error_of(answer.text, "start")
    assert "UTC+2" in answer.text
    assert "UTC+1" in answer.text
    client.post(berlin_desk.address, data=typed | {"start_fold": "second"})
    (booking,) = bookings(session)
    assert booking.starts_at.isoformat() == "2026-10-25T01:30:00+00:00"


@pytest.mark.parametrize(("fold", "hour"), [("first", 0), ("second", 1)])
def test_either_of_the_two_can_be_chosen(berlin_desk, client, session, fold, hour) -> None:
    typed = form(day="2026-10-25", start="02:30", end="04:00", start_fold=fold)
    client.post(berlin_desk.address, data=typed)
    (booking,) = bookings(session)
    assert booking.starts_at.hour == hour


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


def test_who_may_not_use_the_instrument_is_told_before_the_form(desk, client, session) -> None:
    desk.instrument.open_to = {"kind": "countries", "countries": ["EG"]}
    page = client.get(desk.address).text
    assert "You cannot use this instrument yet" in page
    assert page.index("You cannot use this instrument yet") < page.index('id="field-day"')
    answer = client.post(desk.address, data=form())
    assert answer.status_code == 403
    assert bookings(session) == []


def test_retired_instrument_cannot_be_asked_for(desk, client, session) -> None:
    desk.instrument.status = "retired"
    assert client.get(desk.address).status_code == 200
    assert client.post(desk.address, data=form()).status_code == 422
    assert bookings(session) == []


def test_the_page_takes_a_bounded_number_of_queries(desk, client, count_queries) -> None:
    make_agreement(desk.instrument.facility.host, desk.researcher.institution)
    client.get(desk.address)
    with count_queries() as queries:
        client.get(desk.address)
    assert queries.count <= 14, queries


def test_draft_is_changed_and_sent_from_its_form(desk, client, session) -> None:
    client.post(desk.address, data=form(do="draft"))
    (booking,) = bookings(session)
    address = f"/bookings/{booking.reference}/edit"
    page = client.get(address).text
    assert 'value="09:00"' in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    answer = client.post(address, data=form(start="10:00", end="11:00", version=version))
    assert answer.status_code == 302
    session.refresh(booking)
    assert booking.state == "submitted"
    assert booking.starts_at.hour == 2


def test_stale_draft_is_not_overwritten(desk, client, session) -> None:
    client.post(desk.address, data=form(do="draft"))
    (booking,) = bookings(session)
    version = booking.version
    address = f"/bookings/{booking.reference}/edit"
    client.post(address, data=form(do="draft", purpose="First change", version=version))
    answer = client.post(address, data=form(do="draft", purpose="Second change", version=version))
    assert answer.status_code == 409
    assert "Second change" in answer.text
    session.refresh(booking)
    assert booking.purpose == "First change"


def test_without_its_csrf_token_the_form_writes_nothing(desk, client, app, session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = client.get(desk.address).text
    assert client.post(desk.address, data=form()).status_code == 400
    assert bookings(session) == []
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    assert client.post(desk.address, data=form(csrf_token=token)).status_code == 302
    assert len(bookings(session)) == 1
