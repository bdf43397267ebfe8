"""What changes on this floor beside agreements, projects and calls: people are qualified."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from ..catalogue.models import Instrument
from ..catalogue.queries import scopes_of
from ..foundation.database import db
from ..foundation.errors import Forbidden
from ..identity import audit
from ..identity.models import Person
from ..identity.queries import actor_of
from ..identity.rules import Action, may, subject
from .models import Qualification
from .rules import Level


def grant_qualification(
    person: Person,
    instrument: Instrument,
    level: Level,
    *,
    by: Person,
    at: datetime,
    valid_until: date | None = None,
) -> Qualification:
    """Say that a person is trained on an instrument up to a level, until a day (None: for good).

    Granting the same level again renews it. Raises Forbidden where `by` does not run the
    instrument.
    """
    if not may(actor_of(by), Action.QUALIFY, subject(host=scopes_of(instrument))):
        raise Forbidden()
    held = db.session.scalar(
        select(Qualification).where(
            Qualification.person_id == person.id,
            Qualification.instrument_id == instrument.id,
            Qualification.level == level,
        )
    )
    row = held or Qualification(person_id=person.id, instrument_id=instrument.id, level=level)
    row.issued_by_id, row.issued_at, row.valid_until = by.id, at, valid_until
    db.session.add(row)
    db.session.flush()
    audit.record(
        "qualification.granted",
        "person",
        person.id,
        by=by.id,
        at=at,
        instrument=instrument.slug,
        level=level,
    )
    return row
