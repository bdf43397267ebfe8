"""What a request must fit into is read at once, and is what the calendar and the holds say each by itself."""

from __future__ import annotations

from datetime import timedelta

from instrument_share.booking.availability.queries import openness_of
from instrument_share.booking.availability.surroundings import surroundings_of
from instrument_share.booking.holding import free_positions
from instrument_share.foundation.interval import Interval
from tests.support.builders import AT, make_closure
from tests.support.scene import make_scene

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: Days ahead -> the positions that are free from the first to the fourth hour, and the hours that are closed then.
DAYS = {1: ([1, 3], [0, 2]), 2: ([1, 3], []), 3: ([1, 2, 3], [1]), 4: ([1, 2, 3], [])}


def hours_of(day: int, first: int, last: int) -> Interval:
    return Interval(AT + day * DAY + first * HOUR, AT + day * DAY + last * HOUR)


def test_closures_and_taken_positions_are_read_at_once(session, count_queries):
    scene = make_scene(positions=3)
    for day in (1, 2):
        slot = hours_of(day, 0, 4)
        scene.ask(position=2, starts_at=slot.start, ends_at=slot.end)
    for day, (_, closed) in DAYS.items():
        for hour in [*closed, 4]:  # what begins as the slot ends is not in its way
            make_closure(scene.instrument, hours_of(day, hour, hour + 1))
    session.flush()
    for day, (free, closed) in DAYS.items():
        held = hours_of(day, 0, 4)
        with count_queries() as queries:
            found = surroundings_of(scene.instrument, held, scene.applicant, AT)
        assert queries.count == 1
        assert found.free == free_positions(scene.instrument, held) == free
        assert found.openness.closures == [hours_of(day, hour, hour + 1) for hour in closed]
        assert found.openness == openness_of(scene.instrument, held, scene.applicant, AT)
