"""What the form of an agreement offers to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ...catalogue.models import Facility
from ...foundation.database import db
from ...foundation.errors import Forbidden
from ...foundation.http import show
from ...identity.acting import actor_of
from ...identity.models import Institution, Person
from ...identity.queries import institutions
from ...identity.rules import Permission, Scope, may, scopes_held, subject

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """(value, label) pairs; `instruments` by the name of their facility."""

    hosts: list[Choice]
    partners: list[Choice]
    countries: list[Choice]
    facilities: list[Choice]
    instruments: list[tuple[str, list[Choice]]]


def choices_for(person: Person) -> Choices:
    """The hosts that the person speaks for and what they have; every other institution and its country.

    Raises Forbidden where there is no such host.
    """
    known = institutions()
    hosts = [each for each in known if each.is_host and _speaks_for(person, each)]
    if not hosts:
        raise Forbidden()
    facilities = _facilities_of(hosts)
    return Choices(
        hosts=_sorted((each.slug, show.localized(each.names)) for each in hosts),
        partners=_sorted(
            (each.slug, f"{show.localized(each.names)} – {show.country(each.country)}")
            for each in known
        ),
        countries=_sorted({(each.country, show.country(each.country)) for each in known}),
        facilities=[(each.slug, show.localized(each.names)) for each in facilities],
        instruments=[
            (
                show.localized(each.names),
                _sorted((it.slug, show.localized(it.names)) for it in each.instruments),
            )
            for each in facilities
            if each.instruments
        ],
    )


def may_write_any(person: Person) -> bool:
    """Whether there is a host for which the person may write agreements."""
    held = scopes_held(actor_of(person), Permission.MANAGE_AGREEMENT, "host")
    return any(scope.kind in ("programme", "institution") for scope in held)


def _speaks_for(person: Person, host: Institution) -> bool:
    about = subject(host=(Scope("institution", host.id),))
    return may(actor_of(person), Permission.MANAGE_AGREEMENT, about)


def _facilities_of(hosts: list[Institution]) -> list[Facility]:
    return list(
        db.session.scalars(
            select(Facility)
            .where(Facility.host_id.in_([each.id for each in hosts]))
            .options(selectinload(Facility.instruments))
            .order_by(Facility.slug)
        )
    )


def _sorted(pairs: Iterable[Choice]) -> list[Choice]:
    return sorted(pairs, key=lambda pair: pair[1].casefold())
