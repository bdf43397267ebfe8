"""The search by time finds exactly what the pure function calls free, on both databases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from instrument_share.booking.availability import search as by_time
from instrument_share.booking.availability.free_time import Availability
from instrument_share.booking.availability.queries import availability_of, rules_of
from instrument_share.booking.models import Booking, Hold
from instrument_share.catalogue.free_time import Wish
from instrument_share.catalogue.models import Instrument
from instrument_share.catalogue.search import SearchRequest, search
from instrument_share.foundation.database import db
from instrument_share.foundation.interval import Interval
from tests.support.builders import (
    ALWAYS,
    AT,
    make_closure,
    make_facility,
    make_host,
    make_institution,
    make_instrument,
    make_person,
)

HOUR = timedelta(hours=1)
WEEKDAYS = {key: ["08:30-12:00", "13:00-18:30"] for key in ("mon", "tue", "wed", "thu", "fri")}
ZONES = ("Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu")


def hold(instrument: Instrument, person, *slots: Interval, position: int = 1) -> None:
    """Taken times without all that a booking needs besides, stored together."""
    bookings = [_taken(instrument, person, slot, position) for slot in slots]
    db.session.add_all(bookings)
    db.session.flush()
    db.session.add_all(
        Hold(
            instrument_id=instrument.id,
            position=position,
            held_from=booking.held_from,
            held_until=booking.held_until,
            booking_id=booking.id,
        )
        for booking in bookings
    )
    db.session.flush()


def _taken(instrument: Instrument, person, slot: Interval, position: int) -> Booking:
    held = rules_of(instrument).held_by(slot)
    return Booking(
        reference=f"H-{instrument.id}-{position}-{slot.start:%d%H%M}",
        state="confirmed",
        instrument_id=instrument.id,
        position=position,
        applicant_id=person.id,
        access_mode="on_site",
        purpose="x",
        starts_at=slot.start,
        ends_at=slot.end,
        held_from=held.start,
        held_until=held.end,
        time_zone=instrument.time_zone,
        created_at=AT,
        changed_at=AT,
    )


def random_catalogue(die: random.Random, person) -> list[Instrument]:
    """Instruments with all kinds of rules, some booked, some closed or open besides."""
    facilities = [make_facility(make_host(time_zone=zone), time_zone=zone) for zone in ZONES]
    return [_random_instrument(die, die.choice(facilities), person) for _ in range(30)]


def _random_instrument(die: random.Random, facility, person) -> Instrument:
    step = die.choice([30, 60, 90])
    instrument = make_instrument(
        facility,
        opening=die.choice([ALWAYS, WEEKDAYS]),
        positions=die.choice([1, 1, 2, 3]),
        granularity_minutes=step,
        shortest_minutes=step * die.choice([1, 2]),
        longest_minutes=step * die.choice([2, 4, 8]),
        setup_minutes=die.choice([0, 0, 20]),
        teardown_minutes=die.choice([0, 0, 60]),
        lead_minutes=die.choice([0, 600]),
        horizon_days=die.choice([3, 90]),
        holiday_territory=die.choice([None, "CN"]),
        status=die.choice(["in_service", "in_service", "restricted", "out_of_service"]),
    )
    for position in range(1, instrument.positions + 1):
        hold(instrument, person, *_random_slots(die), position=position)
    if die.random() < 0.4:
        start = AT + die.randrange(100) * HOUR
        make_closure(
            instrument,
            Interval(start, start + die.choice([1, 20]) * HOUR),
            die.choice(["closure", "opening", "blocking"]),
        ).open_to = {"people": [person.id]} if die.random() < 0.5 else {}
    return instrument


def _random_slots(die: random.Random) -> Iterator[Interval]:
    moment = AT - 30 * HOUR
    while moment < AT + 150 * HOUR:
        moment += die.choice([1, 2, 3, 7, 30]) * HOUR
        slot = Interval(moment, moment + die.choice([1, 4, 5, 17, 70]) * HOUR)
        yield slot
        moment = slot.end + 2 * HOUR


def has(available: Availability, wish: Wish, instrument: Instrument) -> bool:
    """Whether some slot of the free stretches fulfils a wish, by looking at every single one."""
    rules = rules_of(instrument)
    for stretch in available.free:
        start = stretch.start
        while start < stretch.end:
            end = rules.next_on_grid(start + max(timedelta(minutes=wish.minutes), rules.shortest))
            if end <= stretch.end and end - start <= rules.longest:
                return True
            start = rules.next_on_grid(start + timedelta(minutes=1))
    return False


WISHES = [
    (24, 27, 180),
    (21.5, 22.5, 60),
    (24, 48, 240),
    (0, 168, 120),
    (60, 62, 30),
    (2, 600, 480),
]


@pytest.mark.parametrize("seed", range(3))
def test_the_search_finds_what_is_free(session, seed, monkeypatch) -> None:
    """Whether it asks by window, where there are many instruments, or one by one."""
    person = make_person(make_institution())
    instruments = random_catalogue(random.Random(seed), person)
    found_any = False
    for first, last, minutes in WISHES:
        wish = Wish(Interval(AT + first * HOUR, AT + last * HOUR), minutes, AT, person)
        free = {each: availability_of(each, wish.window, AT, person) for each in instruments}
        expected = {each.id for each, available in free.items() if has(available, wish, each)}
        for many in (0, 2_000):
            monkeypatch.setattr(by_time, "_MANY", many)
            assert set(by_time.free_among(None, wish)) == expected, (first, last, minutes, many)
            assert set(by_time.first_free_of([it.id for it in instruments], wish)) == expected
        found_any = found_any or bool(expected)
    assert found_any


def test_time_combines_with_text_facets_and_pages(session) -> None:
    facility = make_facility()
    person = make_person(make_institution())
    instruments = [
        make_instrument(facility, slug=f"i-{n}", fields=["energy" if n % 2 else "ocean"])
        for n in range(12)
    ]
    window = Interval(AT + 24 * HOUR, AT + 27 * HOUR)
    for each in instruments[:5]:
        hold(each, person, Interval(window.start + HOUR, window.end + HOUR))
    wanted = SearchRequest(facets={"field": ("energy",)}, window=window, minutes=180)
    pages = [search(wanted, None, at=AT, page=n, page_size=2) for n in (1, 2, 3)]
    slugs = [each.slug for found in pages for each in found.page.items]
    assert slugs == ["i-11", "i-5", "i-7", "i-9"]
    assert {found.page.total for found in pages} == {4}
    assert {row.value: row.count for row in pages[0].facets["field"]} == {"energy": 4, "ocean": 3}
    assert set(pages[0].first_free.values()) == {window.start}


def test_a_search_by_time_asks_few_queries(session, count_queries) -> None:
    person = make_person(make_institution())
    for number in range(20):
        instrument = make_instrument(setup_minutes=30 * (number % 3), positions=1 + number % 2)
        hold(instrument, person, Interval(AT + 25 * HOUR, AT + 26 * HOUR))
        make_closure(instrument, Interval(AT + 200 * HOUR, AT + 201 * HOUR))
    wish = Wish(Interval(AT + 24 * HOUR, AT + 27 * HOUR), 180, AT, person)
    week = Wish(Interval(AT, AT + 168 * HOUR), 60, AT, person)
    by_time.free_among(None, wish)  # patterns are read once
    with count_queries() as queries:
        by_time.free_among(None, wish)
    assert queries.count <= 4, queries
    ids = [row.id for row in session.query(Instrument.id)]
    with count_queries() as queries:
        assert len(by_time.first_free_of(ids, week)) == 20
    assert queries.count <= 4, queries


def test_a_changed_rule_counts_at_once(session) -> None:
    instrument = make_instrument()
    wish = Wish(Interval(AT + 24 * HOUR, AT + 27 * HOUR), 180, AT, None)
    assert by_time.free_among(None, wish) == [instrument.id]
    instrument.opening = {}
    session.flush()
    assert by_time.free_among(None, wish) == []


def test_a_page_of_the_search_by_time_asks_few_queries(session, count_queries) -> None:
    person = make_person(make_institution())
    for _ in range(12):
        hold(make_instrument(), person, Interval(AT + 25 * HOUR, AT + 26 * HOUR))
    wanted = SearchRequest(window=Interval(AT + 24 * HOUR, AT + 48 * HOUR), minutes=60)
    search(wanted, None, at=AT)  # patterns are read once
    session.expunge_all()
    with count_queries() as queries:
        assert search(wanted, None, at=AT).page.total == 12
    assert queries.count <= 11, queries
