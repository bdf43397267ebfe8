"""Races over HTTP on the real server with two workers, and two job workers where holds expire: who comes second is
told so, properly.

Each race is fifty rounds of sixteen clients that start at the same moment. All of them share one server per database;
a new race is a test that takes `track` and `runners`.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from instrument_share import create_app
from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.rules import State
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.values import JoinRequest
from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.foundation.transaction import perform
from instrument_share.settings import Settings
from tests.support.databases import KINDS, environment, release
from tests.support.invariants import assert_whole
from tests.support.race import Answer, Call, Runners, act, create
from tests.support.server import ALONE, serve
from tests.support.starting import forked
from tests.support.track import Track, built, eventually, first_hour, job_worker, times, token_of

CLIENTS, ROUNDS = 16, 50
LOST = {(409, "slot_taken"), (409, "stale_version"), (409, "wrong_state")}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.slow


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(kind, marks=[pytest.mark.postgresql] * (kind != "sqlite")) for kind in KINDS
    ],
)
def track(request, databases, tmp_path_factory) -> Iterator[Track]:
    folder = tmp_path_factory.mktemp("races")
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(databases.fresh(request.param, folder))
        environ = environment(database.url, folder / "instance")
        server = stack.enter_context(serve(environ, folder, workers=2, options=ALONE, start=forked))
        app = create_app(Settings.from_environment(environ))
        stack.enter_context(app.app_context())
        stack.callback(release, app)
        yield built(app, server, environ, people=8)


@pytest.fixture
def job_workers(track, tmp_path) -> Iterator[None]:
    """Two that look all the time for holds that have run out."""
    with contextlib.ExitStack() as stack:
        for number in range(2):
            log = tmp_path / f"worker-{number}.log"
            stack.enter_context(job_worker(track.environ, log, "--hurry", "expired holds"))
        yield


@pytest.fixture(scope="module")
def runners(track) -> Iterator[Runners]:
    with Runners(track.server.url, CLIENTS) as runners:
        yield runners


@pytest.fixture(autouse=True)
def whole(track) -> Iterator[None]:
    yield
    assert_whole()


def summed_up(name: str, rounds: Sequence[Sequence[Answer]], record) -> None:
    """Tell the slowest answer and how the race went."""
    slowest = max(answer.seconds for answers in rounds for answer in answers)
    outcomes = Counter(answer.outcome for answers in rounds for answer in answers)
    record(f"{name}_slowest_seconds", slowest)
    print(f"{name}: slowest answer {slowest * 1000:.0f} ms, {dict(outcomes)}")


def booked(track: Track, runners: Runners, instrument, starts) -> list[dict]:
    """Bookings of `track.people` in turn, made over the API."""
    calls = [
        create(token_of(track.people[n % len(track.people)]), track.body(instrument, start))
        for n, start in enumerate(starts)
    ]
    answers = [
        answer
        for n in range(0, len(calls), CLIENTS)
        for answer in runners.run(calls[n : n + CLIENTS])
    ]
    assert {answer.status for answer in answers} == {201}, answers
    return [answer.json for answer in answers]


@pytest.mark.usefixtures("job_workers")
def test_approve_against_expire(track, runners, record_property):
    """Sixteen clients approve a request whose hold runs out at that moment: it is confirmed once, or expired.

    The first race, for the job workers send what mail is due, too.
    """
    instrument = track.instrument()
    first, rounds = first_hour(), []
    times_asked = [first + n * HOUR for n in range(ROUNDS + 1)]
    early, *requests = booked(track, runners, instrument, times_asked)
    run_out(early["reference"])
    wait_for(early["reference"], State.EXPIRED)  # the workers have begun
    for number, booking in enumerate(requests):
        tokens = [token_of(manager) for manager in track.managers]
        calls = [act(tokens[n % 2], booking, "approve") for n in range(CLIENTS)]
        if number % 2:  # every other time the workers have a head start,
            run_out(booking["reference"])
        if number % 4 == 3:  # and every other time of those they are there already
            wait_for(booking["reference"], State.EXPIRED)
        answers = runners.run(calls, meanwhile=lambda key=booking["reference"]: run_out(key))
        rounds.append(answers)
        confirmed = [answer for answer in answers if answer.status == 200]
        assert len(confirmed) <= 1, number
        assert {answer.outcome for answer in answers if answer.status != 200} <= LOST
        wanted = State.CONFIRMED if confirmed else State.EXPIRED
        wait_for(booking["reference"], wanted)
    summed_up("approve/expire", rounds, record_property)


def test_create_against_create(track, runners, record_property):
    instrument = track.instrument()
    first, rounds = first_hour(), []
    for number in range(ROUNDS):
        body = track.body(instrument, first + number * HOUR)
        rounds.append(
            runners.run([create(token_of(track.people[n % 8]), body) for n in range(CLIENTS)])
        )
        assert sorted(answer.outcome for answer in rounds[-1]) == [
            (201, ""),
            *[(409, "slot_taken")] * (CLIENTS - 1),
        ]
    losers = [answer for answers in rounds for answer in answers if answer.status == 409]
    assert all(answer.json["alternatives"] for answer in losers)
    assert held(instrument) == ROUNDS
    summed_up("create/create", rounds, record_property)


def test_create_against_reschedule(track, runners, record_property):
    """Two positions, eight new bookings and eight that move: two get the time, the others keep what they had."""
    instrument = track.instrument(positions=2)
    first, rounds = first_hour(), []
    parked = booked(track, runners, instrument, [first + 60 * DAY + n * HOUR for n in range(8)])
    for number in range(ROUNDS):
        start = first + number * HOUR
        body = track.body(instrument, start)
        tokens = [token_of(person) for person in track.people]
        movers = [
            act(token, booking, "reschedule", **times(start))
            for token, booking in zip(tokens, parked, strict=True)
        ]
        calls = [*movers, *(create(token, body) for token in tokens)]
        answers = runners.run(calls)
        parked = [
            answer.json if answer.status == 200 else booking
            for answer, booking in zip(answers, parked, strict=False)
        ]
        rounds.append(answers)
        assert Counter(answer.status for answer in answers) == {
            409: CLIENTS - 2,
            **Counter(answer.status for answer in answers if answer.status < 400),
        }
        assert {answer.outcome for answer in answers if answer.status >= 400} <= LOST
    summed_up("create/reschedule", rounds, record_property)


def test_reschedule_against_reschedule(track, runners, record_property):
    """Eight bookings, each moved by two clients at once to the same time: one gets it."""
    instrument = track.instrument()
    first, rounds = first_hour(), []
    parked = booked(track, runners, instrument, [first + 60 * DAY + n * HOUR for n in range(8)])
    for number in range(ROUNDS):
        goal = times(first + number * HOUR)
        tokens = [token_of(person) for person in track.people]
        answers = runners.run(
            [act(tokens[n % 8], parked[n % 8], "reschedule", **goal) for n in range(CLIENTS)]
        )
        rounds.append(answers)
        won = [n for n, answer in enumerate(answers) if answer.status == 200]
        assert len(won) == 1
        assert {answer.outcome for n, answer in enumerate(answers) if n not in won} <= LOST
        parked[won[0] % 8] = answers[won[0]].json
    assert held(instrument) == 8
    summed_up("reschedule/reschedule", rounds, record_property)


def test_two_offers(track, runners, record_property):
    """Two bookings are cancelled while fourteen others ask for their time: it goes to the first two in line."""
    instrument = track.instrument(positions=2)
    first, rounds = first_hour(), []
    for number in range(ROUNDS):
        start = first + number * HOUR
        one, other, *rest = booked(track, runners, instrument, [start, start])
        assert rest == []
        first_two, third = waiting_for(track, instrument, start, number)
        body = track.body(instrument, start)
        tokens = [token_of(person) for person in track.people]
        strangers = [create(tokens[n % 8], body) for n in range(CLIENTS - 2)]
        answers = runners.run(
            [act(tokens[0], one, "cancel"), act(tokens[1], other, "cancel"), *strangers]
        )
        rounds.append(answers)
        assert [answer.outcome for answer in answers[:2]] == [(200, "")] * 2
        assert {answer.outcome for answer in answers[2:]} == {(409, "slot_taken")}
        assert offered_at(instrument, start) == sorted(person.id for person in first_two)
        accept_all(runners, instrument, start)
        perform(waiting.leave, third.reference, by=third.person, at=now())
    summed_up("two offers", rounds, record_property)


def test_series_against_single_bookings(track, runners):
    """Half of them ask for series, the others for a time of the second day: what is told is what is saved."""
    instrument, first = track.instrument(), first_hour()
    answers = runners.run([_asked(track, instrument, first, n) for n in range(CLIENTS)])
    assert {answer.status for answer in answers} <= {201, 409}
    told = [answer.json for answer in answers if answer.status == 201]
    booked = [each["reference"] for it in told for each in it.get("occurrences", [it])]
    assert len(booked) > 6
    db.session.rollback()
    of_it = {"instrument_id": instrument.id}
    assert sorted(booked) == sorted(
        row.reference for row in db.session.query(Booking).filter_by(**of_it)
    )
    holds = sorted(db.session.query(Hold).filter_by(**of_it), key=lambda hold: hold.held_from)
    assert len(holds) == len(booked)
    assert all(one.held_until <= two.held_from for one, two in pairwise(holds))


def _asked(track, instrument, first, number) -> Call:
    token, start = token_of(track.people[number % 8]), first + number % 3 * HOUR
    if number % 2:
        return create(token, track.body(instrument, start + DAY, hours=2))
    on_conflict = "shift" if number % 4 else "skip"
    rhythm = {"rrule": "FREQ=DAILY;COUNT=6", "on_conflict": on_conflict}
    return Call("/api/v1/series", token, track.body(instrument, start, hours=2) | rhythm)


def waiting_for(track, instrument, start, number):
    """Three people in line for an hour, in that order; the entry of the last."""
    line = [track.people[2 + (number * 3 + place) % 6] for place in range(3)]
    wish = JoinRequest(
        instrument.slug, "on_site", "Thin films", start, start + HOUR, 60, "UTC",
        agreement=track.agreement.reference,
    )  # fmt: skip
    entries = [perform(waiting.join, wish, by=person, at=now()) for person in line]
    return line[:2], entries[2]


def offered_at(instrument, start) -> list[int]:
    """Who is offered the time that begins then."""
    return sorted(booking.applicant_id for booking in offers_at(instrument, start))


def accept_all(runners, instrument, start) -> None:
    calls = [
        act(
            token_of(each.applicant),
            {"reference": each.reference, "version": each.version},
            "submit",
        )
        for each in offers_at(instrument, start)
    ]
    assert [answer.status for answer in runners.run(calls)] == [200] * len(calls)


def offers_at(instrument, start) -> list[Booking]:
    db.session.rollback()
    query = select(Booking).where(
        Booking.instrument_id == instrument.id,
        Booking.starts_at == start,
        Booking.state == State.OFFERED,
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def wait_for(reference: str, state: State) -> None:
    """A job worker may take a moment to come by."""
    eventually(lambda: state_of(reference) == state, f"{reference} is {state}")


def run_out(reference: str) -> None:
    """The hold of a booking has just run out."""
    perform(_run_out, reference)


def _run_out(reference: str) -> None:
    db.session.execute(
        update(Booking)
        .where(Booking.reference == reference, Booking.state == State.SUBMITTED)
        .values(hold_expires_at=now() - timedelta(seconds=1))
    )


def state_of(reference: str) -> str | None:
    db.session.rollback()
    return db.session.scalar(select(Booking.state).where(Booking.reference == reference))


def held(instrument) -> int:
    db.session.rollback()
    return db.session.query(Hold).filter_by(instrument_id=instrument.id).count()
