"""Reading agreements and joint projects, and which of them help a person with an instrument."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    exists,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import joinedload, selectinload

from ..catalogue.models import Facility, Instrument
from ..foundation.database import db
from ..foundation.errors import NotFound
from ..identity.models import Institution, Person
from ..identity.queries import actor_of
from ..identity.rules import Permission, Scope, Subject, may, scopes_held, subject
from .covering import covers, is_partner, names_one_at
from .errors import AgreementNotUsable
from .models import (
    Agreement,
    AgreementDiscount,
    AgreementPartner,
    Project,
    agreement_host,
    project_member,
)
from .rules import AgreementState


def agreements_open_to(person: Person, instrument: Instrument, on: date) -> list[Agreement]:
    """The agreements under which the person may use the instrument on that day, by reference."""
    if person.institution_id is None:
        return []
    return list(db.session.scalars(_OPEN_TO, _usage(person, instrument, on)))


def discounts_open_to(
    person: Person, instrument: Instrument, on: date
) -> Sequence[Row[str, str, int]]:
    """What the agreements take off under which the person may use the instrument on that day: the agreement's
    `reference`, the access `mode` and the `percent`, in this order.
    """
    if person.institution_id is None:
        return []
    return db.session.execute(_DISCOUNTS_OPEN_TO, _usage(person, instrument, on)).all()


def _usage(person: Person, instrument: Instrument, on: date) -> dict[str, Any]:
    """The parameters of the two statements."""
    return {
        "instrument": instrument.id,
        "facility": instrument.facility_id,
        "host": instrument.facility.host_id,
        "partner": person.institution_id,
        "day": on,
    }


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


def agreements_within(
    person: Person, instrument: Instrument, first: date, last: date
) -> list[Agreement]:
    """The agreements under which the person may use the instrument on any of the days, by reference."""
    if person.institution_id is None:
        return []
    own = _usable_by(person.institution_id, first, last).order_by(Agreement.reference)
    facility = instrument.facility
    return list(db.session.scalars(own.where(covers(instrument.id, facility.id, facility.host_id))))


def agreements_by_instrument(
    person: Person, instrument_ids: Collection[int], on: date
) -> dict[int, list[Agreement]]:
    """The agreements under which the person may use each of the instruments on that day, by reference."""
    if person.institution_id is None or not instrument_ids:
        return {}
    rows = db.session.execute(
        _usable_by(person.institution_id, on)
        .add_columns(Instrument.id)
        .join(Instrument, Instrument.id.in_(instrument_ids))
        .join(Facility, Facility.id == Instrument.facility_id)
        .where(covers(Instrument.id, Facility.id, Facility.host_id))
        .order_by(Agreement.reference)
    )
    found: dict[int, list[Agreement]] = {}
    for agreement, instrument_id in rows:
        found.setdefault(instrument_id, []).append(agreement)
    return found


def _usable_by(institution_id: Any, on: Any, until: Any = None) -> Select[Agreement]:
    """The agreements in force for a partner that day, or on one from then `until`; takes values or parameters."""
    return select(Agreement).where(
        is_partner(institution_id),
        Agreement.state == AgreementState.ACTIVE,
        Agreement.valid_from <= (on if until is None else until),
        Agreement.valid_until >= on,
    )


_OPEN_TO = (
    _usable_by(bindparam("partner"), bindparam("day"))
    .where(covers(bindparam("instrument"), bindparam("facility"), bindparam("host")))
    .order_by(Agreement.reference)
)
_DISCOUNTS_OPEN_TO = (
    _OPEN_TO.join(AgreementDiscount, AgreementDiscount.agreement_id == Agreement.id)
    .where(AgreementDiscount.percent > 0)
    .with_only_columns(Agreement.reference, AgreementDiscount.mode, AgreementDiscount.percent)
    .order_by(AgreementDiscount.mode)
)


def is_open_by_agreement(institution_id: int, on: date) -> ColumnElement[bool]:
    """Condition on a query of Instrument and Facility: an agreement of the institution covers the
    instrument.
    """
    usable = _usable_by(institution_id, on).with_only_columns(Agreement.id)
    usable = usable.where(covers(Instrument.id, Instrument.facility_id, Facility.host_id))
    return exists(usable.correlate_except(Agreement))


def projects_of(person: Person, on: date | None = None) -> list[Project]:
    """The joint projects that the person is a member of, those that still run on a day where one is
    given.
    """
    query = _member_projects(person, on).order_by(Project.reference)
    return list(db.session.scalars(query))


def project_ids(person: Person, on: date) -> Select[*tuple[int]]:
    """Query of the ids of the person's joint projects that run on a day."""
    return _member_projects(person, on).with_only_columns(Project.id)


def _member_projects(person: Person, on: date | None) -> Select[Project]:
    query = (
        select(Project)
        .join(project_member, project_member.c.project_id == Project.id)
        .where(project_member.c.person_id == person.id)
    )
    return (
        query if on is None else query.where(or_(Project.ends_on.is_(None), Project.ends_on >= on))
    )


def subject_of(agreement: Agreement) -> Subject:
    """The agreement as the permission table sees it: its hosts and facilities on one side, its
    partners on the other.
    """
    hosts = [Scope("institution", host.id) for host in agreement.hosts]
    facilities = [Scope("facility", facility.id) for facility in facilities_of(agreement)]
    partners = [Scope("institution", key) for key in _partner_ids(agreement)]
    return subject(host=(*hosts, *facilities), payer=tuple(partners))


def _partner_ids(agreement: Agreement) -> set[int]:
    named = {partner.institution_id for partner in agreement.partners}
    countries = [row.country for row in agreement.countries]
    if not countries:
        return named
    found = db.session.scalars(select(Institution.id).where(Institution.country.in_(countries)))
    return named | set(found)


def facilities_of(agreement: Agreement) -> Sequence[Facility]:
    """The facilities at which an agreement covers anything: those it names or whose instruments it
    names, else all of its hosts.
    """
    if agreement.facilities or agreement.instruments:
        named = {each.id: each for each in agreement.facilities}
        named |= {each.facility.id: each.facility for each in agreement.instruments}
        return sorted(named.values(), key=lambda each: each.slug)
    hosts = [host.id for host in agreement.hosts]
    return db.session.scalars(
        select(Facility).where(Facility.host_id.in_(hosts)).order_by(Facility.slug)
    ).all()


def agreement_of(person: Person, reference: str) -> Agreement:
    """The agreement with its parties. Raises NotFound where the person may not see it."""
    agreement = db.session.scalar(
        select(Agreement).where(Agreement.reference == reference).options(*_PARTIES)
    )
    if agreement is None or not may(
        actor_of(person), Permission.SEE_AGREEMENT, subject_of(agreement)
    ):
        raise NotFound()
    return agreement


def agreements_of(person: Person, *, parties: bool = True) -> Sequence[Agreement]:
    """Every agreement that the person may see, the latest to begin first; `parties` with all that
    it names.
    """
    query = (
        select(Agreement)
        .options(*(_PARTIES if parties else ()))
        .order_by(Agreement.valid_from.desc(), Agreement.reference)
    )
    return db.session.scalars(query.where(_seen_by(person))).all()


def _seen_by(person: Person) -> ColumnElement[bool]:
    actor = actor_of(person)
    host = scopes_held(actor, Permission.SEE_AGREEMENT, "host")
    payer = scopes_held(actor, Permission.SEE_AGREEMENT, "payer")
    hosts = _ids(host, "institution")
    by_host = exists(
        select(agreement_host.c.agreement_id).where(
            agreement_host.c.agreement_id == Agreement.id,
            agreement_host.c.institution_id.in_(hosts),
        )
    )
    by_facility = exists(
        select(Facility.id)
        .where(
            Facility.id.in_(_ids(host, "facility")),
            or_(covers(0, Facility.id, Facility.host_id), names_one_at(Facility.id)),
        )
        .correlate_except(Facility)
    )
    homes = _ids(payer, "institution")
    by_partner = or_(false(), *(is_partner(home) for home in homes))
    everywhere = any(scope.kind == "programme" for scope in host | payer)
    return or_(by_host, by_facility, by_partner, true() if everywhere else false())


def _ids(scopes: frozenset[Scope], kind: str) -> list[int]:
    return [scope.id for scope in scopes if scope.kind == kind and scope.id is not None]


_PARTIES = (
    selectinload(Agreement.hosts),
    selectinload(Agreement.facilities),
    selectinload(Agreement.discounts),
    selectinload(Agreement.countries),
    selectinload(Agreement.instruments).joinedload(Instrument.facility),
    joinedload(Agreement.predecessor),
    joinedload(Agreement.successor),
    selectinload(Agreement.partners).joinedload(AgreementPartner.institution),
)


def may_manage(person: Person, agreement: Agreement) -> bool:
    """Whether the person speaks for every host of the agreement."""
    actor = actor_of(person)
    scopes = [subject(host=(Scope("institution", host.id),)) for host in agreement.hosts]
    return all(may(actor, Permission.MANAGE_AGREEMENT, each) for each in scopes)
