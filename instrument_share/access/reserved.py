"""Who may still book time that is blocked for a purpose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ..foundation.database import db
from ..identity.models import Institution, Person
from .agreements.covering import is_partner
from .agreements.models import Agreement
from .projects.models import Project, project_member
from .rules import AgreementState

#: Ids by `institutions`, `agreements`, `projects` and `people`.
OpenTo = Mapping[str, Collection[int | None]]


@dataclass(frozen=True, slots=True)
class Membership:
    """Something that a person belongs to, by its id, while it runs; None leaves an end open."""

    id: int
    since: date | None = None
    until: date | None = None

    def runs_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What lets a person into blocked time: who they are, where from, and in what they take part."""

    person_id: int
    institution_id: int | None = None
    agreements: tuple[Membership, ...] = ()
    projects: tuple[Membership, ...] = ()


def is_inside(open_to: OpenTo, standing: Standing | None, on: date) -> bool:
    """Whether time that is open to those may be booked by this person on that day. Pure."""
    if standing is None:
        return False
    return (
        standing.person_id in open_to.get("people", ())
        or standing.institution_id in open_to.get("institutions", ())
        or _takes_part(standing.agreements, open_to.get("agreements", ()), on)
        or _takes_part(standing.projects, open_to.get("projects", ()), on)
    )


def standings_of(people: Iterable[Person]) -> dict[int, Standing]:
    """The standing of each person by id, in two queries for all of them."""
    people = list(people)
    agreements = _agreements({each.institution_id for each in people if each.institution_id})
    projects = _projects({each.id for each in people})
    return {
        each.id: Standing(
            each.id,
            each.institution_id,
            tuple(agreements.get(each.institution_id or 0, ())),
            tuple(projects.get(each.id, ())),
        )
        for each in people
    }


def _takes_part(memberships: Iterable[Membership], ids: Collection[int | None], on: date) -> bool:
    return any(each.id in ids and each.runs_on(on) for each in memberships)


def _agreements(institution_ids: set[int]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = defaultdict(list)
    rows = db.session.execute(
        select(Institution.id, Agreement.id, Agreement.valid_from, Agreement.valid_until)
        .join(Agreement, is_partner(Institution.id))
        .where(
            Institution.id.in_(institution_ids),
            Agreement.state == AgreementState.ACTIVE,
        )
    )
    for institution_id, key, since, until in rows:
        found[institution_id].append(Membership(key, since, until))
    return found


def _projects(person_ids: set[int]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = defaultdict(list)
    rows = db.session.execute(
        select(project_member.c.person_id, Project.id, Project.ends_on)
        .join(Project, Project.id == project_member.c.project_id)
        .where(project_member.c.person_id.in_(person_ids))
    )
    for person_id, key, until in rows:
        found[person_id].append(Membership(key, None, until))
    return found
