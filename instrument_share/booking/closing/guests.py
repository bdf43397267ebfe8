"""Those who may still book inside blocked time: chosen by name, kept by id, shown by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from ...access.agreements.covering import covers
from ...access.agreements.models import Agreement, AgreementPartner
from ...access.projects.models import Project
from ...access.rules import AgreementState
from ...catalogue.models import Instrument, OpeningException
from ...catalogue.values import OpenTo
from ...foundation.database import db
from ...foundation.errors import InvalidInput
from ...foundation.http.show import localized
from ...identity.models import Institution, Person

#: A form offers at most so many of each kind; the API takes any.
_MOST_CHOICES = 100
#: Kind -> (what it is told by, how it is shown).
_KINDS: dict[str, tuple[Any, Any]] = {
    "institutions": (Institution.slug, Institution.names),
    "agreements": (Agreement.reference, Agreement.titles),
    "projects": (Project.reference, Project.titles),
    "people": (Person.email, Person.display_name),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """Whom a form offers: what is told and the name, for each kind but people."""

    institutions: list[tuple[str, str]]
    agreements: list[tuple[str, str]]
    projects: list[tuple[str, str]]


def open_to_ids(told: Mapping[str, Iterable[str]]) -> OpenTo:
    """Slugs, references and mail addresses as ids. Raises InvalidInput that names the first unknown one."""
    found = {kind: _ids(kind, list(values)) for kind, values in told.items()}
    return {kind: ids for kind, ids in found.items() if ids}


def told_by_ids(open_to: OpenTo) -> dict[str, list[str]]:
    """The same backwards: what a form shows when a blocking is changed."""
    return {
        kind: sorted(db.session.scalars(select(_KINDS[kind][0]).where(_key(kind).in_(ids))))
        for kind, ids in open_to.items()
    }


def names_of_guests(rows: Sequence[OpeningException]) -> dict[int, list[str]]:
    """Who may book inside each blocking, by its id, in one query for each kind that is named at all."""
    names: dict[str, dict[int, str]] = {}
    for kind in _KINDS:
        ids = {key for row in rows for key in row.open_to.get(kind, ())}
        if ids:
            shown = db.session.execute(
                select(_key(kind), _KINDS[kind][1]).where(_key(kind).in_(ids))
            )
            names[kind] = {key: _text(name) for key, name in shown}
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        for kind, ids_ in row.open_to.items():
            found[row.id] += [names[kind][key] for key in ids_ if key in names.get(kind, {})]
    return found


def choices_for(instrument: Instrument) -> Choices:
    """The agreements that cover the instrument, their partners and projects, and the host."""
    agreements = db.session.scalars(_covering(instrument)).all()
    partners = {partner.institution for each in agreements for partner in each.partners}
    institutions = sorted({instrument.facility.host, *partners}, key=lambda each: each.slug)
    projects = db.session.scalars(
        select(Project)
        .where(
            or_(
                Project.agreement_id.in_([each.id for each in agreements]),
                Project.agreement_id.is_(None),
            )
        )
        .order_by(Project.reference)
        .limit(_MOST_CHOICES)
    )
    return Choices(
        [(each.slug, localized(each.names)) for each in institutions[:_MOST_CHOICES]],
        [(each.reference, localized(each.titles)) for each in agreements],
        [(each.reference, localized(each.titles)) for each in projects],
    )


def _covering(instrument: Instrument) -> Select[Agreement]:
    return (
        select(Agreement)
        .where(
            Agreement.state == AgreementState.ACTIVE,
            covers(instrument.id, instrument.facility_id, instrument.facility.host_id),
        )
        .options(selectinload(Agreement.partners).joinedload(AgreementPartner.institution))
        .order_by(Agreement.reference)
        .limit(_MOST_CHOICES)
    )


def _ids(kind: str, values: list[str]) -> list[int]:
    if not values:
        return []
    told = _KINDS[kind][0]
    wanted = [value.strip().lower() if kind == "people" else value for value in values]
    rows = db.session.execute(select(told, _key(kind)).where(told.in_(wanted)))
    known = {name: key for name, key in rows}  # noqa: C416 rows are typed
    missing = [value for value in wanted if value not in known]
    if missing:
        sentence = lazy_gettext("Nobody is known here as %(name)s.", name=missing[0])
        raise InvalidInput(fields={kind: sentence})
    return sorted(known.values())


def _key(kind: str) -> Any:
    return _KINDS[kind][0].class_.id


def _text(name: Any) -> str:
    return name if isinstance(name, str) else localized(name)
