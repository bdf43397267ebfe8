"""Blocked time: closed to others, bookable inside, open to all once it is released; and shown as what it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from instrument_share.booking import services
from instrument_share.booking.availability.barriers import Blocking
from instrument_share.booking.availability.explained import explained, explained_availability
from instrument_share.booking.availability.free_time import Availability, Busy
from instrument_share.booking.availability.queries import availability_of
from instrument_share.booking.errors import SlotUnfit
from instrument_share.catalogue.models import OpeningException
from instrument_share.foundation.interval import Interval
from tests.support.builders import (
    AT,
    make_closure,
    make_institution,
    make_instrument,
    make_person,
    request_for,
)
from tests.support.signing import sign_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = AT + 3 * DAY
COURSE, PUMPS = {"en": "Teaching week"}, {"en": "New vacuum pumps"}


def span(first: int, last: int) -> Interval:
    return Interval(AT + first * HOUR, AT + last * HOUR)


def test_busy_time_says_what_it_is_reserved_for_and_why_it_is_closed():
    available = Availability([], [Busy(span(0, 10), "closure"), Busy(span(12, 14), "booked")])
    blockings = [
        Blocking(span(2, 6), COURSE, is_open=False),
        Blocking(span(8, 10), PUMPS, is_open=False, kind="closure"),
    ]
    found = explained(available, blockings)
    assert [(part.slot, part.kind, part.title) for part in found.busy] == [
        (span(0, 2), "closure", {}),
        (span(2, 6), "blocking", COURSE),
        (span(6, 8), "closure", {}),
        (span(8, 10), "closure", PUMPS),
        (span(12, 14), "booked", {}),
    ]


def test_free_time_says_what_it_is_reserved_for_to_those_inside():
    available = Availability([span(0, 2), span(2, 6), span(5, 9)], [])
    found = explained(available, [Blocking(span(2, 6), COURSE, is_open=True)])
    assert [(part.title, part.in_part) for part in found.free] == [
        ({}, False),
        (COURSE, False),
        (COURSE, True),
    ]
    assert [part.slot for part in found.reserved] == [span(2, 6), span(5, 6)]


@pytest.fixture
def instrument(session):
    return make_instrument(slug="tem")


def block(session, instrument, **values) -> OpeningException:
    row = OpeningException(
        instrument=instrument, kind="blocking", title=COURSE,
        starts_at=START, ends_at=START + 8 * HOUR, **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_others_cannot_book_blocked_time_and_those_inside_can(session, instrument):
    inside, outside = make_person(make_institution()), make_person(make_institution())
    block(session, instrument, open_to={"institutions": [inside.institution_id]})
    request = request_for(instrument, START + HOUR)
    with pytest.raises(SlotUnfit) as refused:
        services.request_booking(request, by=outside, at=AT)
    assert refused.value.code == "in_closure"
    assert services.request_booking(request, by=inside, at=AT).position == 1


@pytest.mark.parametrize(("before", "can"), [(25, False), (24, True), (1, True)])
def test_what_is_left_of_it_is_open_to_all_once_it_is_released(session, instrument, before, can):
    row = block(session, instrument, release_minutes=24 * 60)
    at, whom = START - before * HOUR, make_person()
    free = availability_of(instrument, row.slot, at, whom).free
    assert (free == [row.slot]) == can
    request = request_for(instrument, START)
    if can:
        assert services.request_booking(request, by=whom, at=at).position == 1
    else:
        with pytest.raises(SlotUnfit):
            services.request_booking(request, by=whom, at=at)


def test_shown_as_free_is_what_can_be_had_in_a_fixed_number_of_queries(
    session, instrument, count_queries
):
    inside = make_person(make_institution())
    row = block(session, instrument, open_to={"people": [inside.id]})
    window = Interval(START - DAY, START + DAY)
    other, nobody = make_person(), None
    for whom, most in ((inside, 7), (other, 7), (nobody, 3)):
        with count_queries() as queries:
            found = explained_availability(instrument, window, AT, whom)
        assert queries.count <= most, queries
        is_inside = whom is inside
        assert any(part.slot.contains(row.slot) for part in found.free) == is_inside
        assert [part.title for part in found.busy] == ([] if is_inside else [COURSE])


def test_pages_and_the_api_tell_the_purpose(client, session, instrument):
    inside = make_person(make_institution())
    row = block(session, instrument, open_to={"people": [inside.id]})
    make_closure(instrument, Interval(START + DAY, START + DAY + 2 * HOUR)).reason = PUMPS
    session.commit()
    day = row.starts_at.date().isoformat()
    window = {"from": (START - HOUR).isoformat(), "until": (START + 9 * HOUR).isoformat()}
    address = f"/api/v1/instruments/tem/availability?from={window['from']}&until={window['until']}"
    address = address.replace("+", "%2B")
    with time_machine.travel(AT, tick=False):
        page = client.get(f"/instruments/tem?week={day}").text
        assert "Teaching week" in page
        assert "closed: New vacuum pumps" in page
        assert "reserved for you" not in page
        (busy,) = client.get(address).json["busy"]
        assert (busy["kind"], busy["title"]) == ("blocking", "Teaching week")
        sign_in(client, inside)
        assert "reserved for you: Teaching week" in client.get(f"/instruments/tem?week={day}").text
        answer = client.get(address).json
        assert answer["busy"] == []
        assert [part["title"] for part in answer["reserved"]] == ["Teaching week"]
