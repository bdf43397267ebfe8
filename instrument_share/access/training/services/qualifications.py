"""Qualifications are granted, renewed and revoked by those who run the instrument, who also say what it asks for."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext
from sqlalchemy import select

from ....catalogue.models import Instrument
from ....catalogue.queries import instrument_to_change, scopes_of
from ....foundation.database import db
from ....foundation.errors import Forbidden, InvalidInput, NotFound
from ....foundation.signals import instrument_changed, qualification_changed
from ....identity import audit
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Permission, may, subject
from ...rules import Level
from ..models import Qualification
from ..rules import next_reminder


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
    _check_runs(instrument, by)
    held = db.session.scalar(
        select(Qualification).where(
            Qualification.person_id == person.id,
            Qualification.instrument_id == instrument.id,
            Qualification.level == level,
        )
    )
    row = held or Qualification(person_id=person.id, instrument_id=instrument.id, level=level)
    row.issued_by_id, row.issued_at, row.valid_until = by.id, at, valid_until
    row.revoked_at, row.revoke_reason = None, ""
    row.remind_on = next_reminder(valid_until, at.date())
    db.session.add(row)
    db.session.flush()
    _tell(row, instrument, "granted", by, at)
    return row


def revoke_qualification(
    qualification_id: int, reason: str, *, by: Person, at: datetime
) -> Qualification:
    """Take a qualification away; its holder is told why.

    Raises NotFound for one of an instrument that `by` does not run, and InvalidInput without a reason.
    """
    row = db.session.get(Qualification, qualification_id, with_for_update=True)
    if row is None or not _runs(row.instrument, by):
        raise NotFound()
    if not reason.strip():
        raise InvalidInput(fields={"reason": lazy_gettext("Say why: the person is told.")})
    if row.revoked_at is None:
        row.revoked_at, row.revoke_reason, row.remind_on = at, reason, None
        db.session.flush()
        _tell(row, row.instrument, "revoked", by, at)
    return row


def set_demands(
    slug: str,
    level: Level,
    validity_months: int | None,
    *,
    first_use: bool,
    screening_class: str | None = None,
    by: Person,
    at: datetime,
) -> Instrument:
    """What an instrument asks for, how long that holds, and whether it may be used once with an operator before;
    with `screening_class`, also which screening.

    Raises NotFound and Forbidden.
    """
    instrument = instrument_to_change(slug)
    _check_runs(instrument, by)
    instrument.qualification = level
    instrument.validity_months, instrument.supervised_first_use = validity_months, first_use
    instrument.screening_class = screening_class or instrument.screening_class
    db.session.flush()
    audit.record(
        "instrument.training_changed", "instrument", slug,
        by=by.id, at=at, level=level, months=validity_months, first_use=first_use,
        screening_class=instrument.screening_class,
    )  # fmt: skip
    instrument_changed.send(instrument, by=by, at=at)
    return instrument


def note_supervised_use(person: Person, instrument: Instrument, *, at: datetime) -> None:
    """Remember that the one use with an operator present has begun."""
    row = db.session.scalar(
        select(Qualification)
        .where(
            Qualification.person_id == person.id,
            Qualification.instrument_id == instrument.id,
            Qualification.level == Level.SUPERVISED,
        )
        .with_for_update()
    )
    if row is not None and row.first_used_at is None:
        row.first_used_at = at
        audit.record(
            "qualification.first_use", "person", person.id,
            by=None, at=at, instrument=instrument.slug,
        )  # fmt: skip


def _tell(row: Qualification, instrument: Instrument, what: str, by: Person, at: datetime) -> None:
    audit.record(
        f"qualification.{what}", "person", row.person_id,
        by=by.id, at=at, instrument=instrument.slug, level=row.level,
    )  # fmt: skip
    qualification_changed.send(row, what=what, by=by, at=at)


def _check_runs(instrument: Instrument, by: Person) -> None:
    if not _runs(instrument, by):
        raise Forbidden()


def _runs(instrument: Instrument, by: Person) -> bool:
    return may(actor_of(by), Permission.QUALIFY, subject(host=scopes_of(instrument)))
