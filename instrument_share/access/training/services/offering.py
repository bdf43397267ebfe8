"""Training sessions are offered and called off by those who run the instruments."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext

from ....catalogue.models import Facility, Instrument
from ....catalogue.queries import facility_by_slug, instrument_by_slug
from ....foundation.database import db
from ....foundation.errors import Forbidden, InvalidInput, NotFound
from ....foundation.identifiers import new_reference
from ....foundation.signals import training_changed
from ....identity import audit
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Permission, may
from ...rules import Level
from .. import queries
from ..errors import SessionOver
from ..models import TrainingSession
from ..rules import STANDING, SessionState
from ..values import SessionDraft


def offer_session(draft: SessionDraft, *, by: Person, at: datetime) -> TrainingSession:
    """Offer a training to everybody.

    Raises NotFound, Forbidden where `by` does not run the facility or instrument, and InvalidInput for a time that is
    over and for a trainer who does not work there.
    """
    facility, instrument = _subject_of(draft)
    if not may(actor_of(by), Permission.QUALIFY, queries.subject_of(facility, instrument)):
        raise Forbidden()
    _check(draft, facility, instrument, at)
    session = TrainingSession(
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
    db.session.add(session)
    db.session.flush()
    audit.record("training.offered", "training", session.reference, by=by.id, at=at)
    training_changed.send(session, places=[], what="offered", by=by, at=at)
    return session


def cancel_session(reference: str, reason: str, *, by: Person, at: datetime) -> TrainingSession:
    """Call a training off; everybody who has a seat or waits for one is told why.

    Raises NotFound, Forbidden, InvalidInput without a reason, and SessionOver.
    """
    session = queries.session_to_run(reference, by=by)
    if not reason.strip():
        raise InvalidInput(fields={"reason": lazy_gettext("Say why: everybody is told.")})
    if session.state != SessionState.OPEN:
        raise SessionOver()
    session.state, session.reason = SessionState.CANCELLED, reason
    db.session.flush()
    audit.record("training.cancelled", "training", reference, by=by.id, at=at)
    concerned = [place for place in session.taken if place.state in STANDING]
    training_changed.send(session, places=concerned, what="cancelled", by=by, at=at)
    return session


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
        "day": draft.slot.start <= at and lazy_gettext("Choose a time to come."),
        "trainer": draft.trainer_id not in trainers
        and lazy_gettext("Choose a trainer who runs this instrument."),
        "level": draft.level == Level.NONE and lazy_gettext("Choose a level."),
    }
    wrong = {name: sentence for name, sentence in faults.items() if sentence}
    if wrong:
        raise InvalidInput(fields=wrong)
