"""The timeline: its lanes as laws, the page that shows them, and how much of a slow line it takes."""

from __future__ import annotations

import gzip
import itertools
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.demo.synthetic import generate
from instrument_share.foundation.interval import Interval
from instrument_share.schedule.timeline.lanes import Kind, Own, Taken, lane_of
from instrument_share.schedule.timeline.spans import covered, span_in, without
from tests.support.builders import AT, make_booking, make_closure, make_instrument, make_person
from tests.support.signing import sign_in

DAY = timedelta(days=1)
LENGTH = 60
spans = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 9)).map(lambda it: (it[0], it[0] + it[1])),
    max_size=8,
)


def minutes(of) -> list[int]:
    return [minute for start, end in of for minute in range(start, end)]


@given(spans, st.integers(1, 3))
def test_covered_minutes_are_those_under_enough_spans(some, times):
    found = covered(some, times)
    assert found == sorted(found)
    assert all(first[1] < second[0] for first, second in itertools.pairwise(found))
    depth = minutes(some)
    assert minutes(found) == [n for n in range(LENGTH) if depth.count(n) >= times]


@given(spans, spans)
def test_what_lies_outside_the_holes_remains(some, holes):
    left = without(covered(some), covered(holes))
    assert minutes(left) == sorted(set(minutes(some)) - set(minutes(holes)))


@given(spans, spans, spans, spans, st.integers(1, 3))
def test_every_minute_has_one_reason(confirmed, asked, closed, opening, positions):
    lane = lane_of(Taken(confirmed, asked, closed), opening, positions, LENGTH)
    of = {kind: minutes(found) for kind, found in lane.spans.items()}
    everything = [minute for found in of.values() for minute in found]
    assert len(everything) == len(set(everything))
    assert set(of.get(Kind.CLOSED, ())) == set(minutes(closed))
    held = minutes([*confirmed, *asked])
    gone = set(everything) - set(of.get(Kind.PARTLY, ()))
    for minute in range(LENGTH):
        is_free = held.count(minute) < positions and minute in minutes(opening)
        assert (minute in gone) == (not is_free or minute in minutes(closed)), minute


def test_ones_own_booking_is_listed_once_and_lies_on_top():
    mine = Own((10, 20), "B-1", is_decided=True)
    lane = lane_of(Taken(confirmed=[(10, 20), (20, 30)], own={"B-1": mine}), [(0, 60)], 1, LENGTH)
    assert lane.listed == [((10, 20), Kind.MINE, "B-1"), ((20, 30), Kind.BUSY, "")]


def test_spans_are_whole_minutes_of_the_window():
    window = Interval(AT, AT + DAY)
    assert span_in(window, AT - DAY, AT + timedelta(minutes=30)) == (0, 30)
    assert span_in(window, AT + DAY - timedelta(minutes=5), AT + 2 * DAY) == (1435, 1440)
    assert span_in(window, AT + DAY, AT + 2 * DAY) is None
    assert span_in(window, AT, AT + timedelta(seconds=61)) == (0, 2)


# --- the page -------------------------------------------------------------------------------------


def lane(page: str, slug: str) -> str:
    """The part of the page that is about an instrument."""
    return page.split(f'data-lane="/instruments/{slug}/book"')[1].split('class="lane"', maxsplit=1)[
        0
    ]


def test_it_tells_what_is_taken_on_a_day(client, session, scene, count_queries):
    scene.ask()
    closed = make_instrument(scene.instrument.facility)
    make_closure(closed, Interval(AT + DAY, AT + 2 * DAY))
    make_instrument(status="retired", names={"en": "Old one"})
    session.commit()
    with count_queries() as queries:
        page = client.get("/schedule", query_string={"day": "2026-03-03"}).text
    assert queries.count <= 8, queries
    asked = lane(page, scene.instrument.slug)
    assert (
        'class="is-asked" d="M210 12H510"' in asked
    )  # 03:30 to 08:30 UTC, setup and teardown in it
    assert "asked for 3:30 AM – 8:30 AM" in asked.replace("\u202f", " ")
    assert "<i>11:30 AM – 4:30 PM</i>" in asked.replace("\u202f", " ")  # on the instrument's clock
    assert 'class="is-closed" d="M240 12H1440"' in lane(page, closed.slug)
    assert "Old one" not in page
    assert "nothing taken" in client.get("/schedule").text


def test_it_takes_the_same_statements_however_many_there_are(client, session, count_queries):
    generate(150, 3200, at=AT)
    query = {"view": "week", "day": "2026-03-03"}
    with count_queries() as queries:
        answer = client.get("/schedule", query_string=query)
    assert queries.count <= 8, queries
    drawn = re.findall(r'class="is-busy" d="([^"]*)"', answer.text)
    assert len(drawn) == 150
    assert sum(path.count("M") for path in drawn) > 2900
    assert answer.text.count('<li class="is-busy">') > 2900  # in words, too
    assert len(gzip.compress(answer.data, 6)) < 60_000


def test_ones_own_time_is_marked_and_nobody_elses(client, session, scene):
    mine = scene.ask()
    other = make_booking(scene.instrument, make_person(), starts_at=AT + DAY + timedelta(hours=8))
    sign_in(client, scene.applicant)
    page = lane(client.get("/schedule?day=2026-03-03").text, scene.instrument.slug)
    assert f'class="is-wished" data-url="/bookings/{mine.reference}"' in page
    assert f'<a href="/bookings/{mine.reference}">your request</a>' in page
    assert other.reference not in page
    assert other.applicant.display_name not in page


def test_it_is_narrowed_as_the_search_is(client, session, scene):
    other = make_instrument(modes=["remote"], fields=["ocean"], names={"en": "Hydrophone array"})
    session.commit()
    from instrument_share.catalogue.search_index import index_instruments

    index_instruments([scene.instrument.id, other.id])
    session.commit()
    for query in (
        {"facility": other.facility.slug}, {"mode": "remote"}, {"field": "ocean"}, {"q": "hydrophone"},
        {"host": other.facility.host.slug},
    ):  # fmt: skip
        page = client.get("/schedule", query_string=query | {"technique": ""}).text
        assert other.name("en") in page, query
        assert scene.instrument.slug not in page, query
    assert "No instruments here" in client.get("/schedule?facility=none").text
    scene.ask()
    sign_in(client, scene.applicant)
    page = client.get("/schedule?mine=1").text
    assert scene.instrument.slug in page
    assert other.slug not in page


def test_it_is_paged(client, session):
    generate(160, 0, at=AT)
    first = client.get("/schedule?view=week&q=").text
    second = client.get("/schedule?view=week&page=2").text
    assert (first.count("data-lane="), second.count("data-lane=")) == (150, 10)
    assert "page=2" in first
    assert "view=week" in first.split("page=2")[0].rsplit('href="', 1)[1]


def test_both_clocks_stand_above_the_lanes_and_the_present_is_marked(client, session, scene):
    scene.applicant.time_zone = "Asia/Kathmandu"
    sign_in(client, scene.applicant)
    page = client.get("/schedule").text
    rulers = re.findall(r'<svg class="ruler ruler--(\w+)".*?</svg>', page, re.DOTALL)
    assert rulers == ["reader", "here"]
    here = page.split("ruler--here")[1].split("</svg>")[0].replace("\u202f", " ")
    assert "Mon 2:15 AM" in here  # midnight in Kathmandu, on Shanghai's clock
    assert 'id="now" d="M585 0V24"' in page  # 04:00 UTC is 09:45
    assert 'id="now" d=""' in client.get("/schedule?day=2026-03-05").text


def test_a_day_of_changed_clocks_is_as_long_as_it_is(client, session, scene):
    scene.applicant.time_zone = "Europe/Berlin"
    sign_in(client, scene.applicant)
    assert 'viewBox="0 0 1380 24"' in client.get("/schedule?day=2026-03-29").text
    assert 'viewBox="0 0 1500 24"' in client.get("/schedule?day=2026-10-25").text
    assert 'viewBox="0 0 10020 24"' in client.get("/schedule?view=week&day=2026-03-29").text


@pytest.mark.parametrize(
    "query",
    [{"day": "soon"}, {"day": "0001-01-01"}, {"page": "x"}, {"view": "year"}, {"mode": "x"}],
)
def test_what_means_nothing_is_refused(client, session, query):
    assert client.get("/schedule", query_string=query).status_code == 422


# --- the sheet for the door -----------------------------------------------------------------------


def test_the_sheet_tells_the_public_only_that_time_is_taken(client, session, scene, count_queries):
    booking = scene.confirm(scene.ask())
    make_closure(scene.instrument, Interval(AT + 3 * DAY, AT + 4 * DAY), kind="closure")
    session.commit()
    with count_queries() as queries:
        page = client.get(f"/instruments/{scene.instrument.slug}/week-sheet").text
    assert queries.count <= 4, queries
    assert "11:30 – 16:30" in page  # on the instrument's clock, setup and teardown in it
    assert "taken" in page
    assert "closed" in page
    assert scene.instrument.names["zh-Hans"] in page  # a second language beside English
    whose = scene.applicant
    for secret in (booking.reference, whose.display_name, whose.institution.names["en"]):
        assert secret not in page


def test_the_sheet_tells_staff_which_booking_and_from_where(client, session, scene):
    booking = scene.confirm(scene.ask())
    for person in (scene.operator, scene.manager):
        sign_in(client, person)
        page = client.get(f"/instruments/{scene.instrument.slug}/week-sheet?week=2026-03-05").text
        assert booking.reference in page
        assert scene.applicant.institution.names["en"] in page
        assert scene.applicant.display_name not in page
    sign_in(client, make_person())
    page = client.get(f"/instruments/{scene.instrument.slug}/week-sheet").text
    assert booking.reference not in page


def test_the_sheet_is_of_the_week_that_is_asked_for(client, session, scene):
    address = f"/instruments/{scene.instrument.slug}/week-sheet"
    page = client.get(f"{address}?week=2026-03-12&lang=ar").text
    assert 'datetime="2026-03-09"' in page  # a Monday
    assert 'datetime="2026-03-15"' in page
    assert scene.instrument.names["en"] in page
    assert client.get(f"{address}?week=soon").status_code == 422
    assert client.get("/instruments/none/week-sheet").status_code == 404
