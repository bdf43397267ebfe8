"""Where a policy holds: a host institution, a facility or an instrument; and who may write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...catalogue.models import Facility, Instrument
from ...catalogue.queries import facility_by_slug, instrument_by_slug, scopes_of
from ...catalogue.rules import InstrumentStatus
from ...catalogue.within import facility_within, institution_within
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...foundation.localized import LocalizedText
from ...identity.acting import actor_of
from ...identity.models import Institution, Person
from ...identity.queries import institution_by_slug
from ...identity.rules import InstitutionKind, Permission, Scope, may, scopes_held, subject

#: How addresses call the kinds of scopes.
KINDS = {"host": "institution", "facility": "facility", "instrument": "instrument"}


@dataclass(frozen=True, slots=True)
class Place:
    """`path` are the slugs from its host down to its own; `scopes` its own and the wider ones that
    cover it, the nearest first.
    """

    kind: str  # host, facility, instrument
    path: tuple[str, ...]
    names: LocalizedText
    host: Institution
    scopes: tuple[Scope, ...]

    @property
    def slug(self) -> str:
        return self.path[-1]

    @property
    def scope(self) -> Scope:
        return self.scopes[0]


def place_for(person: Person, kind: str, slug: str) -> Place:
    """The place, when the person may write its policy. Raises NotFound."""
    place = _place(kind, slug)
    if not may(actor_of(person), Permission.MANAGE_POLICY, subject(host=place.scopes)):
        raise NotFound()
    return place


def places_of(person: Person) -> Sequence[Place]:
    """Everything whose policy the person may write: each host with its facilities and their instruments, by slug."""
    held = scopes_held(actor_of(person), Permission.MANAGE_POLICY, "host")
    facilities = select(Facility.id).where(facility_within(held))
    hosts = select(Institution).where(
        Institution.kind != InstitutionKind.PARTNER, institution_within(Institution.id, held)
    )
    instruments = db.session.scalars(
        select(Instrument)
        .where(
            Instrument.facility_id.in_(facilities) | Instrument.id.in_(held.ids("instrument")),
            Instrument.status != InstrumentStatus.RETIRED,
        )
        .options(joinedload(Instrument.facility).joinedload(Facility.host))
    ).all()
    own = {each.facility_id: each.facility for each in instruments}
    allowed = set(db.session.scalars(facilities))
    places = [
        *map(of_host, db.session.scalars(hosts)),
        *(of_facility(each) for each in own.values() if each.id in allowed),
        *map(of_instrument, instruments),
    ]
    return sorted(places, key=lambda place: place.path)


def of_host(host: Institution) -> Place:
    return Place("host", (host.slug,), host.names, host, (Scope("institution", host.id),))


def of_facility(facility: Facility) -> Place:
    scopes = (Scope("facility", facility.id), Scope("institution", facility.host_id))
    path = (facility.host.slug, facility.slug)
    return Place("facility", path, facility.names, facility.host, scopes)


def of_instrument(instrument: Instrument) -> Place:
    facility = instrument.facility
    path = (facility.host.slug, facility.slug, instrument.slug)
    return Place("instrument", path, instrument.names, facility.host, scopes_of(instrument))


def _place(kind: str, slug: str) -> Place:
    match kind:
        case "host" if (host := institution_by_slug(slug)) is not None and host.is_host:
            return of_host(host)
        case "facility":
            return of_facility(facility_by_slug(slug))
        case "instrument":
            return of_instrument(instrument_by_slug(slug))
        case _:
            raise NotFound()
