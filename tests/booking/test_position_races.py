"""Many who ask for one position, any, or all of an instrument at the same moment, or move there, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from instrument_share.booking import services
from instrument_share.booking.errors import SlotTaken
from instrument_share.booking.models import Booking, Hold
from instrument_share.foundation.database import db
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import Person
from tests.support.builders import AT, request_for
from tests.support.scene import make_scene

TOMORROW, HOUR = AT + timedelta(days=1), timedelta(hours=1)
ROUNDS = 6


def at_once(app, calls: list[Callable[[], object]]) -> list[object]:
    """What each call, made by a thread of its own, gave or raised."""
    gate = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(place: int) -> None:
        with app.app_context():
            gate.wait(30)
            try:
                results[place] = perform(calls[place])
            except Exception as error:
                results[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def held_on(session, day: int) -> dict[str, set[int]]:
    """The positions of each booking of that day."""
    session.rollback()
    start = TOMORROW + timedelta(days=day)
    found: dict[str, set[int]] = {}
    for reference, position in session.execute(
        select(Booking.reference, Hold.position)
        .join(Hold, Hold.booking_id == Booking.id)
        .where(Hold.held_from >= start, Hold.held_from < start + timedelta(days=1))
    ):
        found.setdefault(reference, set()).add(position)
    return found


def test_wholes_and_singles_never_share_a_position(app, session):
    scene = make_scene(positions=3)
    applicant = scene.applicant.id
    session.commit()
    wishes = [{"whole": True}, {"whole": True}, {"position": 2}, {"position": 2}, {}, {}]

    def ask(day: int, wish: dict[str, object]) -> Callable[[], str]:
        request = request_for(scene.instrument, TOMORROW + timedelta(days=day), **wish)

        def call() -> str:
            by = db.session.get_one(Person, applicant)
            return services.request_booking(request, by=by, at=AT).reference

        return call

    for day in range(ROUNDS):
        results = at_once(app, [ask(day, wish) for wish in wishes])
        assert all(isinstance(each, str | SlotTaken) for each in results), results
        won = [
            (wish, each)
            for wish, each in zip(wishes, results, strict=True)
            if isinstance(each, str)
        ]
        held = held_on(session, day)
        assert set(held) == {reference for _, reference in won}
        if any(wish.get("whole") for wish, _ in won):
            assert list(held.values()) == [{1, 2, 3}]
        else:
            assert 1 <= len(won) == sum(map(len, held.values())) <= 3


def test_two_that_move_to_the_same_time_one_keeps_what_it_has(app, session):
    scene = make_scene()
    bookings = [scene.ask(starts_at=TOMORROW + hours * HOUR) for hours in (0, 4)]
    references, applicant = [each.reference for each in bookings], scene.applicant.id
    session.commit()

    def move(reference: str, day: int) -> Callable[[], str]:
        start = TOMORROW + timedelta(days=day)

        def call() -> str:
            by = db.session.get_one(Person, applicant)
            return services.reschedule(
                reference, by=by, at=AT, version=None, starts_at=start, ends_at=start + 4 * HOUR
            ).reference

        return call

    for day in range(2, 2 + ROUNDS):
        results = at_once(app, [move(reference, day) for reference in references])
        assert all(isinstance(each, str | SlotTaken) for each in results), results
        assert sum(isinstance(each, str) for each in results) == 1
        session.rollback()
        assert session.query(Hold).count() == 2
        slots = {row.held_from for row in session.query(Hold)}
        assert slots == {row.held_from for row in session.query(Booking).populate_existing()}
        assert TOMORROW + timedelta(days=day) in slots
