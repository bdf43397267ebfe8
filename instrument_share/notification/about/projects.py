"""Who is told what happens in a project: the person whom it is about, or its lead."""

from __future__ import annotations

from datetime import datetime

from ...access.projects.models import Project
from ...foundation.signals import project_changed
from ...identity.acting import holders_of
from ...identity.models import Person
from ...identity.rules import PROGRAMME, Role, Scope
from ..facts.plain import plain_facts
from ..rules import Kind
from ..services import tell

#: What the person is told whom it is about.
_PERSON = {
    "created": Kind.PROJECT_LED,
    "lead": Kind.PROJECT_LED,
    "invited": Kind.PROJECT_INVITED,
    "accepted": Kind.PROJECT_ACCEPTED,
    "refused": Kind.PROJECT_REFUSED,
    "removed": Kind.PROJECT_REMOVED,
    "allocated": Kind.PROJECT_ALLOCATED,
}
#: What its lead is told.
_LEAD = {
    "asked": Kind.PROJECT_ASKED,
    "joined": Kind.PROJECT_JOINED,
    "declined": Kind.PROJECT_DECLINED,
    "left": Kind.PROJECT_LEFT,
}


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    project_changed.connect(_project_changed)


def _project_changed(
    project: Project,
    *,
    what: str,
    person: Person | None,
    by: Person,
    at: datetime,
    note: str,
    minutes: int,
) -> None:
    """Nobody is told of what they did themselves."""
    kind, people = _PERSON.get(what), [person.id] if person else []
    if what in _LEAD:
        kind, people = _LEAD[what], _leads(project, at)
    people = [each for each in people if each != by.id]
    if kind is None or not people:
        return
    facts = plain_facts(
        f"/projects/{project.reference}",
        comment=note,
        by=by.display_name if note else "",
        project=project.titles,
        person=person.display_name if person else "",
        allocated_minutes=minutes,
    )
    tell(dict.fromkeys(people, kind), facts, at=at)


def _leads(project: Project, at: datetime) -> list[int]:
    """Its lead; where it has none, the offices of its agreement's hosts or of the programme."""
    if project.lead_id is not None:
        return [project.lead_id]
    hosts = project.agreement.hosts if project.agreement else []
    scopes = [Scope("institution", host.id) for host in hosts]
    if scopes:
        return holders_of(Role.INTERNATIONAL_OFFICE, scopes, at.date())
    return holders_of(Role.PROGRAMME_OFFICER, [PROGRAMME], at.date())
