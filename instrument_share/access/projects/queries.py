"""Reading projects: what everybody may know of them, what their own people may, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ...catalogue.models import Facility
from ...catalogue.within import facility_within
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, Scope, Subject, may, scopes_held, subject
from ..agreements.models import Agreement, agreement_host
from .models import Project, ProjectAllocation, ProjectCandidate, project_member


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to a project, and what they may do there."""

    is_member: bool
    candidate: ProjectCandidate | None
    may_lead: bool
    may_manage: bool
    may_allocate: bool

    @property
    def is_inside(self) -> bool:
        """Whether they see who takes part and what time there is."""
        return self.is_member or self.may_lead or self.may_manage


def project_of(reference: str, *, to_change: bool = False) -> Project:
    """The project with its people and allocations; locked where any of them is to change. Raises NotFound."""
    query = select(Project).where(Project.reference == reference).options(*_TEAM)
    if to_change:
        query = query.with_for_update(of=Project, key_share=True)
        query = query.execution_options(populate_existing=True)
    project = db.session.scalar(query)
    if project is None:
        raise NotFound()
    return project


def projects_shown_to(person: Person) -> Sequence[Project]:
    """The projects that the person takes part in, is invited to, or looks after, by reference."""
    query = select(Project).where(_concerns(person)).options(*_TEAM).order_by(Project.reference)
    return db.session.scalars(query).all()


def other_projects(person: Person, *, most: int = 100) -> Sequence[Project]:
    """The others, which the person may ask to join."""
    query = select(Project).where(~_concerns(person)).options(*_TEAM)
    return db.session.scalars(query.order_by(Project.reference).limit(most)).all()


def projects_of(person: Person, on: date | None = None) -> list[Project]:
    """The joint projects that the person is a member of, those that still run on a day where one is given."""
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
    if on is None:
        return query
    return query.where(or_(Project.ends_on.is_(None), Project.ends_on >= on))


def standing_of(person: Person, project: Project) -> Standing:
    actor, about = actor_of(person), subject_of(project)
    return Standing(
        is_member=any(each.id == person.id for each in project.members),
        candidate=next((it for it in project.candidates if it.person_id == person.id), None),
        may_lead=may(actor, Permission.LEAD_PROJECT, about),
        may_manage=may(actor, Permission.MANAGE_PROJECT, about),
        may_allocate=bool(scopes_held(actor, Permission.ALLOCATE_TIME, "host")),
    )


def facilities_to_allocate_at(person: Person) -> Sequence[Facility]:
    """The facilities whose time the person may allocate, by slug."""
    held = scopes_held(actor_of(person), Permission.ALLOCATE_TIME, "host")
    query = select(Facility).where(facility_within(held)).order_by(Facility.slug)
    return db.session.scalars(query).all()


def subject_of(project: Project) -> Subject:
    """Its lead owns it; the hosts of its agreement look after it, the programme after all."""
    hosts = project.agreement.hosts if project.agreement else []
    scopes = tuple(Scope("institution", host.id) for host in hosts)
    return subject(owner_id=project.lead_id, host=scopes)


def _concerns(person: Person) -> ColumnElement[bool]:
    held = scopes_held(actor_of(person), Permission.MANAGE_PROJECT, "host")
    ways: list[ColumnElement[bool]] = [
        Project.lead_id == person.id,
        exists().where(
            project_member.c.project_id == Project.id, project_member.c.person_id == person.id
        ),
        exists().where(
            ProjectCandidate.project_id == Project.id, ProjectCandidate.person_id == person.id
        ),
        exists().where(
            agreement_host.c.agreement_id == Project.agreement_id,
            agreement_host.c.institution_id.in_(held.ids("institution")),
        ),
    ]
    if held.everywhere:
        ways.append(Project.id.is_not(None))
    return or_(*ways)


_TEAM = (
    joinedload(Project.lead).joinedload(Person.institution),
    joinedload(Project.agreement).selectinload(Agreement.hosts),
    selectinload(Project.members).joinedload(Person.institution),
    selectinload(Project.candidates)
    .joinedload(ProjectCandidate.person)
    .joinedload(Person.institution),
    selectinload(Project.allocations).joinedload(ProjectAllocation.facility),
)
