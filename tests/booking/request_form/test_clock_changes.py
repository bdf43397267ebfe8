"""Times that the clocks skip, or show twice."""

from __future__ import annotations

import pytest

from tests.booking.request_form.stage import Desk, bookings, error_of, form
from tests.support.builders import make_facility, make_institution, make_instrument, make_person
from tests.support.marks import one_engine
from tests.support.signing import sign_in

pytestmark = one_engine


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
