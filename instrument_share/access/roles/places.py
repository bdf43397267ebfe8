"""Where a role holds: the programme, an institution, a facility or an instrument; `facility:slug` is its address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from ...catalogue.models import Facility, Instrument
from ...catalogue.queries import facility_by_slug, instrument_by_slug, scopes_of
from ...catalogue.within import facility_within, institution_within
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...foundation.localized import LocalizedText
from ...identity.models import Institution
from ...identity.queries import institution_by_slug
from ...identity.rules import PROGRAMME, Actor, Permission, Scope, Subject, scopes_held, subject

_Home = TypeVar("_Home", Institution, Facility)

#: The address of the programme as a place.
WHOLE = "programme"


@dataclass(frozen=True, slots=True)
class Place:
    """A scope, what covers it from the narrowest to the widest, and its names (None: the programme)."""

    address: str
    scope: Scope
    covering: tuple[Scope, ...]
    names: LocalizedText | None

    @property
    def subject(self) -> Subject:
        """The place as the permission table sees it: roles that cover it hold here, a partner's liaison, too."""
        return subject(host=self.covering, payer=self.covering)


def place_at(address: str) -> Place:
    """The place of an address. Raises NotFound."""
    kind, _, slug = address.partition(":")
    match kind:
        case "programme":
            return Place(WHOLE, PROGRAMME, (), None)
        case "institution":
            return _of_institution(slug)
        case "facility":
            return _of_facility(facility_by_slug(slug))
        case "instrument":
            return _of_instrument(instrument_by_slug(slug))
    raise NotFound()


def place_of(scope: Scope) -> Place:
    """The place of a scope that a role was given for. Raises NotFound where it is no more."""
    if scope.kind == WHOLE:
        return place_at(WHOLE)
    slug = db.session.scalar(_SLUGS[scope.kind].where(_IDS[scope.kind] == scope.id))
    return place_at(f"{scope.kind}:{slug}")


_IDS: dict[str, InstrumentedAttribute[int]] = {
    "institution": Institution.id,
    "facility": Facility.id,
    "instrument": Instrument.id,
}
_SLUGS = {
    "institution": select(Institution.slug),
    "facility": select(Facility.slug),
    "instrument": select(Instrument.slug),
}


def places_seen_by(actor: Actor) -> list[Place]:
    """The programme, institutions and facilities whose roles the actor may see, in two statements."""
    held = scopes_held(actor, Permission.SEE_ROLES, "host")
    institutions = _read(Institution, institution_within(Institution.id, held))
    facilities = _read(Facility, facility_within(held))
    whole = [place_at(WHOLE)] if held.everywhere else []
    return [*whole, *map(_institution, institutions), *map(_of_facility, facilities)]


def names_of(scopes: Iterable[Scope]) -> dict[Scope, LocalizedText]:
    """The names of places by scope, in one statement for each kind."""
    found: dict[Scope, LocalizedText] = {}
    wanted = set(scopes)
    for kind, model in (
        ("institution", Institution),
        ("facility", Facility),
        ("instrument", Instrument),
    ):
        ids = {scope.id for scope in wanted if scope.kind == kind}
        if ids:
            rows = db.session.execute(select(model.id, model.names).where(model.id.in_(ids)))
            found |= {Scope(kind, key): names for key, names in rows}
    return found


def _read(model: type[_Home], which: ColumnElement[bool]) -> list[_Home]:
    return list(db.session.scalars(select(model).where(which).order_by(model.slug)))


def _of_institution(slug: str) -> Place:
    found = institution_by_slug(slug)
    if found is None:
        raise NotFound()
    return _institution(found)


def _institution(found: Institution) -> Place:
    scope = Scope("institution", found.id)
    return Place(f"institution:{found.slug}", scope, (scope,), found.names)


def _of_facility(found: Facility) -> Place:
    scope = Scope("facility", found.id)
    covering = (scope, Scope("institution", found.host_id))
    return Place(f"facility:{found.slug}", scope, covering, found.names)


def _of_instrument(found: Instrument) -> Place:
    covering = scopes_of(found)
    return Place(f"instrument:{found.slug}", covering[0], covering, found.names)
