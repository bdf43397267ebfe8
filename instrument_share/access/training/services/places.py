"""Places in a training: asked for, waited for, given up. The session's row is locked, so that seats go in order; the
database refuses a seat twice, and one that is not there.
"""

from __future__ import annotations

from datetime import datetime

from ....foundation.database import db
from ....foundation.errors import NotFound
from ....foundation.signals import training_changed
from ....identity import audit
from ....identity.models import Person
from .. import queries
from ..errors import MailUnproved, SessionOver
from ..models import TrainingPlace, TrainingSession
from ..rules import STANDING, PlaceState, SessionState, lowest_free_seat


def request_place(reference: str, *, by: Person, at: datetime) -> TrainingPlace:
    """A seat, or a place in line where all are taken. Asked again it is the same one.

    Raises NotFound, SessionOver once it has begun, and MailUnproved.
    """
    session = _joinable(reference, at)
    if by.mail_verified_at is None:
        raise MailUnproved()
    place = next((each for each in session.taken if each.person_id == by.id), None)
    if place is not None and place.state in STANDING:
        return place
    if place is None:
        place = TrainingPlace(person_id=by.id, person=by, state=PlaceState.WAITING)
        session.taken.append(place)
    place.asked_at = at
    _seat(place, session)
    _tell(place, str(place.state), by, at)
    return place


def give_up(reference: str, *, by: Person, at: datetime) -> TrainingPlace:
    """Leave the seat or the line; the first in line gets the seat and is told.

    Raises NotFound where the person has no place, and SessionOver.
    """
    session = _joinable(reference, at)
    place = next((each for each in session.taken if each.person_id == by.id), None)
    if place is None or place.state not in STANDING:
        raise NotFound()
    place.state, place.seat = PlaceState.GIVEN_UP, None
    _tell(place, "given_up", by, at)
    _move_up(session, at)
    return place


def _joinable(reference: str, at: datetime) -> TrainingSession:
    session = queries.session_by_reference(reference, to_change=True)
    if session.state != SessionState.OPEN or session.starts_at <= at:
        raise SessionOver()
    return session


def _seat(place: TrainingPlace, session: TrainingSession) -> None:
    taken = {each.seat for each in session.taken if each.seat is not None}
    place.seat = lowest_free_seat(taken, session.places)
    place.state = PlaceState.WAITING if place.seat is None else PlaceState.BOOKED


def _move_up(session: TrainingSession, at: datetime) -> None:
    """The first in line takes what is free."""
    line = sorted(
        (each for each in session.taken if each.state == PlaceState.WAITING),
        key=lambda each: (each.asked_at, each.id),
    )
    for place in line:
        _seat(place, session)
        if place.seat is None:
            return
        _tell(place, "moved_up", None, at)


def _tell(place: TrainingPlace, what: str, by: Person | None, at: datetime) -> None:
    session = place.session
    db.session.flush()  # a seat is free before somebody else is written on it
    audit.record(
        f"training.{what}", "training", session.reference,
        by=by.id if by else None, at=at, person=place.person_id,
    )  # fmt: skip
    training_changed.send(session, places=[place], what=what, by=by, at=at)
