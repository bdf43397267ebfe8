"""What a request must fit into: when its instrument is open and which positions are free, read by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from ...catalogue.models import Instrument, OpeningException
from ...catalogue.queries import overlaps_window
from ...foundation.database import db
from ...foundation.interval import Interval
from ...foundation.many import collected
from ...identity.models import Person
from ..holding import HOLDS_OVERLAP, INSTRUMENT, free_among
from ..models import Hold
from .barriers import barriers_among
from .queries import openness_behind
from .slot_rules import Openness


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What there is around a slot; `free` are the positions on which nothing is held, the lowest first."""

    openness: Openness
    free: Sequence[int]


def surroundings_of(
    instrument: Instrument, held: Interval, whom: Person, at: datetime
) -> Surroundings:
    """What there is around the time that a slot holds, for `whom` at the moment `at`.

    Two statements more where time is blocked for somebody.
    """
    given = {"instrument": instrument.id, "since": held.start, "until": held.end}
    rows = db.session.execute(_CLOSURES_AND_TAKEN, given).all()
    barriers = barriers_among([row for row, _ in rows if row is not None], whom, at)[instrument.id]
    openness = openness_behind(barriers, instrument, held)
    return Surroundings(openness, free_among(instrument, rows[0][1] or ()))


_taken = (
    select(collected(Hold.__table__.c.position).label("positions"))
    .where(HOLDS_OVERLAP)
    .subquery("taken")
)
#: One row at least, since the positions that are taken are one value: without a closure where there is none.
_CLOSURES_AND_TAKEN = (
    select(OpeningException, _taken.c.positions)
    .select_from(_taken)
    .outerjoin(
        OpeningException, and_(OpeningException.instrument_id == INSTRUMENT, overlaps_window())
    )
    .order_by(OpeningException.starts_at, OpeningException.id)
)
