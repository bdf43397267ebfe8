"""What changes on this floor: agreements are written and put into force, people are qualified."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import lazy_gettext
from sqlalchemy import select

from ..catalogue.models import Facility, Instrument
from ..catalogue.queries import scopes_of
from ..foundation.database import db
from ..foundation.errors import Forbidden, InvalidInput, StaleVersion
from ..foundation.identifiers import new_reference
from ..foundation.signals import agreement_changed
from ..identity import audit
from ..identity.models import Institution, Person
from ..identity.queries import actor_of
from ..identity.rules import Action, may, subject
from . import queries
from .errors import WrongAgreementState
from .models import Agreement, AgreementDiscount, AgreementPartner, Qualification
from .rules import AGREEMENT_STEPS, AgreementState, Level
from .values import AgreementDraft


def create_agreement(draft: AgreementDraft, *, by: Person, at: datetime) -> Agreement:
    """Write an agreement down; it opens nothing until it is activated.

    Raises InvalidInput where parties or days are missing or contradict each other, and Forbidden.
    """
    _check_draft(draft)
    agreement = Agreement(
        reference=draft.reference or new_reference("AG", 6),
        titles=dict(draft.titles),
        state=AgreementState.DRAFT,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        yearly_minutes=draft.yearly_minutes,
        hosts=_institutions(draft.hosts, "hosts"),
        facilities=_facilities(draft.facilities),
        partners=[
            AgreementPartner(institution=partner, yearly_minutes=draft.partners[partner.slug])
            for partner in _institutions(draft.partners, "partners")
        ],
        discounts=[AgreementDiscount(mode=m, percent=p) for m, p in draft.discounts.items()],
    )
    db.session.add(agreement)
    db.session.flush()
    _tell(agreement, "created", by, at)
    return agreement


def activate_agreement(
    reference: str, *, by: Person, at: datetime, version: int | None = None
) -> Agreement:
    """Put an agreement into force: its quota is granted and its partners may book under it.

    Raises NotFound, Forbidden, StaleVersion, and WrongAgreementState where it has ended.
    """
    return _move(reference, AgreementState.ACTIVE, by, at, version)


def suspend_agreement(
    reference: str, *, by: Person, at: datetime, version: int | None = None
) -> Agreement:
    """Stop new bookings under an agreement for a while. Raises as `activate_agreement` does."""
    return _move(reference, AgreementState.SUSPENDED, by, at, version)


def end_agreement(
    reference: str, *, by: Person, at: datetime, version: int | None = None
) -> Agreement:
    """End an agreement for good. Raises as `activate_agreement` does."""
    return _move(reference, AgreementState.ENDED, by, at, version)


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


def _move(
    reference: str, state: AgreementState, by: Person, at: datetime, version: int | None
) -> Agreement:
    agreement = queries.agreement_of(by, reference)
    _check_may_manage(agreement, by)
    if version is not None and version != agreement.version:
        raise StaleVersion()
    if state not in AGREEMENT_STEPS[AgreementState(agreement.state)]:
        raise WrongAgreementState()
    agreement.state = state
    _tell(agreement, state, by, at)
    return agreement


def _tell(agreement: Agreement, what: str, by: Person, at: datetime) -> None:
    _check_may_manage(agreement, by)
    db.session.flush()
    audit.record(f"agreement.{what}", "agreement", agreement.reference, by=by.id, at=at)
    agreement_changed.send(agreement, by=by, at=at)


def _check_may_manage(agreement: Agreement, by: Person) -> None:
    if not may(actor_of(by), Action.MANAGE_AGREEMENT, queries.subject_of(agreement)):
        raise Forbidden()


def _check_draft(draft: AgreementDraft) -> None:
    faults = {
        "titles": any(draft.titles.values()),
        "hosts": bool(draft.hosts),
        "partners": bool(draft.partners),
        "valid_until": draft.valid_from <= draft.valid_until,
    }
    wrong = {name: _SENTENCES[name] for name, is_right in faults.items() if not is_right}
    if wrong:
        raise InvalidInput(fields=wrong)


_SENTENCES = {
    "titles": lazy_gettext("Give the agreement a title."),
    "hosts": lazy_gettext("Choose at least one host institution."),
    "partners": lazy_gettext("Choose at least one partner institution."),
    "valid_until": lazy_gettext("Choose a last day on or after the first."),
}


def _institutions(slugs: Iterable[str], field: str) -> list[Institution]:
    wanted = list(slugs)
    found = db.session.scalars(select(Institution).where(Institution.slug.in_(wanted))).all()
    if len(found) != len(set(wanted)):
        raise InvalidInput(fields={field: lazy_gettext("There is no such institution.")})
    return list(found)


def _facilities(slugs: Iterable[str]) -> list[Facility]:
    wanted = list(slugs)
    found = db.session.scalars(select(Facility).where(Facility.slug.in_(wanted))).all()
    if len(found) != len(set(wanted)):
        raise InvalidInput(fields={"facilities": lazy_gettext("There is no such facility.")})
    return list(found)
