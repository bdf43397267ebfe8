"""Reading agreements: whom they concern, and who may see and manage them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from ...catalogue.models import Facility, Instrument
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.acting import actor_of
from ...identity.models import Institution, Person
from ...identity.rules import Permission, Scope, Subject, may, scopes_held, subject
from .covering import covers, is_partner, names_one_at
from .models import Agreement, AgreementPartner, agreement_host
from .use import UseOfYear


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
    """Every agreement that the person may see, the latest to begin first; `parties` with all that it names."""
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
    by_host = exists(
        select(agreement_host.c.agreement_id).where(
            agreement_host.c.agreement_id == Agreement.id,
            agreement_host.c.institution_id.in_(host.ids("institution")),
        )
    )
    by_facility = exists(
        select(Facility.id)
        .where(
            Facility.id.in_(host.ids("facility")),
            or_(covers(0, Facility.id, Facility.host_id), names_one_at(Facility.id)),
        )
        .correlate_except(Facility)
    )
    by_partner = or_(false(), *(is_partner(home) for home in payer.ids("institution")))
    everywhere = host.everywhere or payer.everywhere
    return or_(by_host, by_facility, by_partner, true() if everywhere else false())


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


def partners_using(agreement: Agreement, use: UseOfYear) -> dict[int, Institution]:
    """The partners and whoever used it, by id; those that came by their country are looked up."""
    known = {each.institution_id: each.institution for each in agreement.partners}
    missing = use.partners.keys() - known.keys()
    if missing:
        found = db.session.scalars(select(Institution).where(Institution.id.in_(missing)))
        known |= {each.id: each for each in found}
    return known


def may_manage(person: Person, agreement: Agreement) -> bool:
    """Whether the person speaks for every host of the agreement."""
    actor = actor_of(person)
    scopes = [subject(host=(Scope("institution", host.id),)) for host in agreement.hosts]
    return all(may(actor, Permission.MANAGE_AGREEMENT, each) for each in scopes)
