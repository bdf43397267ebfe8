"""After a training: who passed is qualified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ....catalogue.models import Instrument
from ....foundation.clock import zone
from ....foundation.database import db
from ....foundation.signals import training_changed
from ....identity import audit
from ....identity.models import Person
from ...rules import Level
from .. import queries
from ..errors import SessionOver, SessionToCome
from ..models import TrainingPlace, TrainingSession
from ..rules import RESULTS, PlaceState, SessionState, expiry_after
from .qualifications import grant_qualification


def mark(
    reference: str, results: Mapping[int, PlaceState], *, by: Person, at: datetime
) -> TrainingSession:
    """Say how it went for people on seats, by their ids; whoever passed is qualified from then on.

    A pass stays (it is taken back by revoking the qualification); other results can be corrected. Raises NotFound,
    Forbidden, SessionToCome, and SessionOver for one that was cancelled.
    """
    session = queries.session_to_run(reference, by=by)
    if session.state == SessionState.CANCELLED:
        raise SessionOver()
    if session.starts_at > at:
        raise SessionToCome()
    instruments = queries.instruments_of(session)
    for place in session.taken:
        result = results.get(place.person_id)
        if result in RESULTS and place.seat is not None and place.state != PlaceState.PASSED:
            _mark(place, session, result, instruments, by, at)
    if all(place.state != PlaceState.BOOKED for place in session.taken):
        session.state = SessionState.HELD
    db.session.flush()
    return session


def _mark(
    place: TrainingPlace,
    session: TrainingSession,
    result: PlaceState,
    instruments: Sequence[Instrument],
    by: Person,
    at: datetime,
) -> None:
    if place.state == result:
        return
    place.state, place.marked_at = result, at
    audit.record(
        f"training.{result}", "training", session.reference,
        by=by.id, at=at, person=place.person_id,
    )  # fmt: skip
    training_changed.send(session, places=[place], what=str(result), by=by, at=at)
    if result != PlaceState.PASSED:
        return
    trained_on = session.ends_at.astimezone(zone(session.time_zone)).date()
    for instrument in instruments:
        until = expiry_after(trained_on, instrument.validity_months)
        grant_qualification(
            place.person, instrument, Level(session.level), by=by, at=at, valid_until=until
        )
