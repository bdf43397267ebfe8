"""What the form shows, to whom, and what a link fills in."""

from __future__ import annotations

import pytest

from tests.booking.request_form.stage import bookings, form
from tests.support.builders import make_agreement
from tests.support.marks import one_engine

pytestmark = one_engine


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
