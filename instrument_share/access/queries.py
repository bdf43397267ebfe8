"""Reading agreements, projects and qualifications, and which of them help a person with an
instrument.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import selectinload

from ..catalogue.models import Facility, Instrument
from ..foundation.database import db
from ..foundation.errors import NotFound
from ..identity.models import Person
from ..identity.queries import actor_of
from ..identity.rules import Action, Scope, Subject, may, scopes_held, subject
from .errors import AgreementNotUsable
from .models import (
    Agreement,
    AgreementPartner,
    Project,
    Qualification,
    agreement_facility,
    agreement_host,
    project_member,
)
from .rules import AgreementState, Level, is_enough


def agreements_open_to(person: Person, instrument: Instrument, on: date) -> list[Agreement]:
    """The agreements under which the person may use the instrument on that day, by reference."""
    if person.institution_id is None:
        return []
    given = {"facility": instrument.facility_id, "host": instrument.facility.host_id}
    partner = {"partner": person.institution_id, "day": on}
    return list(db.session.scalars(_OPEN_TO, given | partner))


def agreement_for(
    person: Person, instrument: Instrument, reference: str | None, on: date
) -> Agreement | None:
    """The agreement that a booking goes under: the one named, else the first that is open to the
    person, if any.

    Raises AgreementNotUsable where the one named is not open to the person for this instrument on
    that day.
    """
    usable = agreements_open_to(person, instrument, on)
    if not reference:
        return usable[0] if usable else None
    named = next((agreement for agreement in usable if agreement.reference == reference), None)
    if named is None:
        raise AgreementNotUsable()
    return named


def agreements_by_facility(
    person: Person, facility_ids: Collection[int], on: date
) -> dict[int, list[Agreement]]:
    """The agreements under which the person may use each of the facilities on that day, by reference."""
    if person.institution_id is None or not facility_ids:
        return {}
    rows = db.session.execute(
        _usable_by(person.institution_id, on)
        .add_columns(Facility.id)
        .join(Facility, covers(Facility.id, Facility.host_id))
        .where(Facility.id.in_(facility_ids))
        .order_by(Agreement.reference)
    )
    found: dict[int, list[Agreement]] = {}
    for agreement, facility_id in rows:
        found.setdefault(facility_id, []).append(agreement)
    return found


def covers(facility_id: object, host_id: object) -> ColumnElement[bool]:
    """Condition on Agreement: it covers a facility, by naming it or as any facility of one of its
    hosts.

    Takes values or columns of an enclosing query.
    """
    named = (
        select(agreement_facility.c.facility_id)
        .where(agreement_facility.c.agreement_id == Agreement.id)
        .correlate_except(agreement_facility)
    )
    hosts = (
        select(agreement_host.c.institution_id)
        .where(agreement_host.c.agreement_id == Agreement.id)
        .correlate_except(agreement_host)
    )
    return or_(
        exists(named.where(agreement_facility.c.facility_id == facility_id)),
        and_(
            ~exists(named),
            exists(hosts.where(agreement_host.c.institution_id == host_id)),
        ),
    )


def _usable_by(institution_id: Any, on: Any) -> Select[Agreement]:
    """The agreements in force for a partner; takes values or parameters."""
    return (
        select(Agreement)
        .join(AgreementPartner, AgreementPartner.agreement_id == Agreement.id)
        .where(
            AgreementPartner.institution_id == institution_id,
            Agreement.state == AgreementState.ACTIVE,
            Agreement.valid_from <= on,
            Agreement.valid_until >= on,
        )
    )


_OPEN_TO = (
    _usable_by(bindparam("partner"), bindparam("day"))
    .where(covers(bindparam("facility"), bindparam("host")))
    .order_by(Agreement.reference)
)


def is_open_by_agreement(institution_id: int, on: date) -> ColumnElement[bool]:
    """Condition on a query of Instrument and Facility: an agreement of the institution covers the
    instrument.
    """
    usable = _usable_by(institution_id, on).with_only_columns(Agreement.id)
    usable = usable.where(covers(Instrument.facility_id, Facility.host_id))
    return exists(usable.correlate_except(Agreement, AgreementPartner))


def projects_of(person: Person, on: date | None = None) -> list[Project]:
    """The joint projects that the person is a member of, those that still run on a day where one is
    given.
    """
    query = (
        select(Project)
        .join(project_member, project_member.c.project_id == Project.id)
        .where(project_member.c.person_id == person.id)
        .order_by(Project.reference)
    )
    if on is not None:
        query = query.where(or_(Project.ends_on.is_(None), Project.ends_on >= on))
    return list(db.session.scalars(query))


def project_ids(person: Person, on: date) -> Select[*tuple[int]]:
    """Query of the ids of the person's joint projects that run on a day."""
    return (
        select(Project.id)
        .join(project_member, project_member.c.project_id == Project.id)
        .where(
            project_member.c.person_id == person.id,
            or_(Project.ends_on.is_(None), Project.ends_on >= on),
        )
    )


def levels_of(person: Person, instrument_ids: Collection[int], on: date) -> dict[int, Level]:
    """The highest level of training that the person holds on each of the instruments on that day."""
    held = db.session.execute(
        select(Qualification.instrument_id, Qualification.level).where(
            Qualification.person_id == person.id,
            Qualification.instrument_id.in_(instrument_ids),
            or_(Qualification.valid_until.is_(None), Qualification.valid_until >= on),
        )
    )
    best: dict[int, Level] = {}
    for instrument_id, level in held:
        if is_enough(Level(level), best.get(instrument_id, Level.NONE)):
            best[instrument_id] = Level(level)
    return best


def subject_of(agreement: Agreement) -> Subject:
    """The agreement as the permission table sees it: its hosts and facilities on one side, its
    partners on the other.
    """
    hosts = [Scope("institution", host.id) for host in agreement.hosts]
    facilities = [Scope("facility", facility.id) for facility in facilities_of(agreement)]
    partners = [Scope("institution", partner.institution_id) for partner in agreement.partners]
    return subject(host=(*hosts, *facilities), payer=tuple(partners))


def facilities_of(agreement: Agreement) -> Sequence[Facility]:
    """The facilities that an agreement covers: those it names, or all of its hosts."""
    if agreement.facilities:
        return agreement.facilities
    hosts = [host.id for host in agreement.hosts]
    return db.session.scalars(
        select(Facility).where(Facility.host_id.in_(hosts)).order_by(Facility.slug)
    ).all()


def agreement_of(person: Person, reference: str) -> Agreement:
    """The agreement with its parties. Raises NotFound where the person may not see it."""
    agreement = db.session.scalar(
        select(Agreement).where(Agreement.reference == reference).options(*_PARTIES)
    )
    if agreement is None or not may(actor_of(person), Action.SEE_AGREEMENT, subject_of(agreement)):
        raise NotFound()
    return agreement


def agreements_of(person: Person) -> Sequence[Agreement]:
    """Every agreement that the person may see, the latest to begin first."""
    query = (
        select(Agreement)
        .options(*_PARTIES)
        .order_by(Agreement.valid_from.desc(), Agreement.reference)
    )
    return db.session.scalars(query.where(_seen_by(person))).all()


def _seen_by(person: Person) -> ColumnElement[bool]:
    actor = actor_of(person)
    host = scopes_held(actor, Action.SEE_AGREEMENT, "host")
    payer = scopes_held(actor, Action.SEE_AGREEMENT, "payer")
    hosts = _ids(host, "institution")
    by_host = exists(
        select(agreement_host.c.agreement_id).where(
            agreement_host.c.agreement_id == Agreement.id,
            agreement_host.c.institution_id.in_(hosts),
        )
    )
    by_facility = exists(
        select(Facility.id)
        .where(Facility.id.in_(_ids(host, "facility")), covers(Facility.id, Facility.host_id))
        .correlate_except(Facility)
    )
    by_partner = exists(
        select(AgreementPartner.agreement_id).where(
            AgreementPartner.agreement_id == Agreement.id,
            AgreementPartner.institution_id.in_(_ids(payer, "institution")),
        )
    )
    everywhere = any(scope.kind == "programme" for scope in host | payer)
    return or_(by_host, by_facility, by_partner, true() if everywhere else false())


def _ids(scopes: frozenset[Scope], kind: str) -> list[int]:
    return [scope.id for scope in scopes if scope.kind == kind and scope.id is not None]


_PARTIES = (
    selectinload(Agreement.hosts),
    selectinload(Agreement.facilities),
    selectinload(Agreement.discounts),
    selectinload(Agreement.partners).joinedload(AgreementPartner.institution),
)


def may_manage(person: Person, agreement: Agreement) -> bool:
    return may(actor_of(person), Action.MANAGE_AGREEMENT, subject_of(agreement))
