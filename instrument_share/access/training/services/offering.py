"""Training sessions are offered and called off by those who run the instruments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext

from ....catalogue.closing.taking import give_back, move, take
from ....catalogue.models import Facility, Instrument
from ....catalogue.queries import facility_by_slug, instrument_by_slug
from ....foundation.database import db
from ....foundation.errors import Forbidden, InvalidInput, NotFound
from ....foundation.identifiers import new_reference
from ....foundation.interval import Interval
from ....foundation.reader import in_every_language
from ....foundation.signals import training_changed
from ....identity import audit
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Permission, may
from ...rules import Level
from .. import queries
from ..errors import SessionOver
from ..labels import TRAINING
from ..models import TrainingSession, TrainingTime
from ..rules import STANDING, PlaceState, SessionState
from ..values import SessionDraft

_TO_COME = lazy_gettext("Choose a time to come.")


def offer_session(
    draft: SessionDraft, *, by: Person, at: datetime, seen: Collection[str] = ()
) -> TrainingSession:
    """Offer a training to everybody, and block the instrument for it where it takes the instrument's time.

    `seen` are the references of the bookings in its way that `by` was shown. Raises NotFound, Forbidden where `by` does
    not run the facility or instrument, InvalidInput for a time that is over and for a trainer who does not work there,
    and HitsBookings.
    """
    facility, instrument = _subject_of(draft)
    if not may(actor_of(by), Permission.QUALIFY, queries.subject_of(facility, instrument)):
        raise Forbidden()
    _check(draft, facility, instrument, at)
    session = _written(draft, facility, instrument, at)
    if draft.takes_time and instrument is not None:
        taken = take(
            instrument.slug, draft.slot, in_every_language(TRAINING), by=by, at=at, seen=seen
        )
        session.time = TrainingTime(exception_id=taken.id)
    db.session.add(session)
    db.session.flush()
    audit.record("training.offered", "training", session.reference, by=by.id, at=at)
    training_changed.send(session, places=[], what="offered", by=by, at=at)
    return session


def move_session(
    reference: str, slot: Interval, *, by: Person, at: datetime, seen: Collection[str] = ()
) -> TrainingSession:
    """Give a training another time; everybody in it is told, and the instrument's time that it takes goes with it.

    Raises NotFound, Forbidden, SessionOver once it has begun, InvalidInput for a time that is over, and HitsBookings.
    """
    session = queries.session_to_run(reference, by=by)
    if session.state != SessionState.OPEN or session.starts_at <= at:
        raise SessionOver()
    if slot.start <= at:
        raise InvalidInput(fields={"day": _TO_COME})
    if slot == session.slot:
        return session
    if session.time is not None:
        move(session.time.exception_id, slot, by=by, at=at, seen=seen)
    session.starts_at, session.ends_at = slot.start, slot.end
    session.moves += 1
    db.session.flush()
    audit.record("training.moved", "training", reference, by=by.id, at=at)
    for what, state in (("moved", PlaceState.BOOKED), ("moved_in_line", PlaceState.WAITING)):
        places = [place for place in session.taken if place.state == state]
        training_changed.send(session, places=places, what=what, by=by, at=at)
    return session


def cancel_session(reference: str, reason: str, *, by: Person, at: datetime) -> TrainingSession:
    """Call a training off; everybody who has a seat or waits for one is told why, and the instrument's time is free.

    Raises NotFound, Forbidden, InvalidInput without a reason, and SessionOver.
    """
    session = queries.session_to_run(reference, by=by)
    if not reason.strip():
        raise InvalidInput(fields={"reason": lazy_gettext("Say why: everybody is told.")})
    if session.state != SessionState.OPEN:
        raise SessionOver()
    session.state, session.reason = SessionState.CANCELLED, reason
    if session.time is not None:
        give_back(session.time.exception_id, by=by, at=at)
    db.session.flush()
    audit.record("training.cancelled", "training", reference, by=by.id, at=at)
    concerned = [place for place in session.taken if place.state in STANDING]
    training_changed.send(session, places=concerned, what="cancelled", by=by, at=at)
    return session


def _written(
    draft: SessionDraft, facility: Facility, instrument: Instrument | None, at: datetime
) -> TrainingSession:
    return TrainingSession(
        reference=new_reference("T", 6),
        facility=facility,
        instrument=instrument,
        level=draft.level,
        trainer_id=draft.trainer_id,
        starts_at=draft.slot.start,
        ends_at=draft.slot.end,
        time_zone=facility.time_zone,
        places=draft.places,
        language=draft.language,
        venue=draft.venue,
        remote_url=draft.remote_url,
        about=draft.about,
        state=SessionState.OPEN,
        created_at=at,
    )


def _subject_of(draft: SessionDraft) -> tuple[Facility, Instrument | None]:
    facility = facility_by_slug(draft.facility)
    instrument = instrument_by_slug(draft.instrument) if draft.instrument else None
    if instrument is not None and instrument.facility_id != facility.id:
        raise NotFound()
    return facility, instrument


def _check(
    draft: SessionDraft, facility: Facility, instrument: Instrument | None, at: datetime
) -> None:
    trainers = queries.trainers_for([instrument] if instrument else facility.instruments, at.date())
    faults = {
        "day": draft.slot.start <= at and _TO_COME,
        "trainer": draft.trainer_id not in trainers
        and lazy_gettext("Choose a trainer who runs this instrument."),
        "takes_time": draft.takes_time
        and instrument is None
        and lazy_gettext(
            "Choose one instrument: a training for all of them takes the time of none."
        ),
        "level": draft.level == Level.NONE and lazy_gettext("Choose a level."),
    }
    wrong = {name: sentence for name, sentence in faults.items() if sentence}
    if wrong:
        raise InvalidInput(fields=wrong)
