"""Projects are begun and written anew."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext

from ....foundation.database import db
from ....foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from ....foundation.identifiers import new_reference
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.queries import person_by_email
from ....identity.rules import Permission, may
from ...agreements.models import Agreement
from ...agreements.queries import agreement_of
from ..models import Project
from ..queries import subject_of
from ..values import ProjectDraft
from .acting import led, tell


def create_project(draft: ProjectDraft, *, by: Person, at: datetime) -> Project:
    """Begin a project; its lead is told and its first member. Raises InvalidInput, Forbidden."""
    project = new_project(draft, by)
    if not may(actor_of(by), Permission.MANAGE_PROJECT, subject_of(project)):
        raise Forbidden()
    db.session.add(project)
    tell(project, "created", by, at, person=project.lead)
    return project


def new_project(draft: ProjectDraft, by: Person) -> Project:
    """A project as it is written, not yet kept, with its lead as its member. Raises InvalidInput."""
    project = Project(reference=new_reference("PR", 6), members=[], candidates=[], allocations=[])
    _write(project, draft, by)
    return project


def change_project(
    reference: str, draft: ProjectDraft, *, by: Person, at: datetime, version: int | None = None
) -> Project:
    """Write a project anew; another lead is told. Raises as `create_project`, and StaleVersion."""
    project, _ = led(reference, by)
    if version is not None and version != project.version:
        raise StaleVersion(version=project.version)
    before = project.lead_id
    agreement = project.agreement
    _write(project, draft, by)
    if project.agreement is not agreement:
        about = subject_of(project)
        if not may(actor_of(by), Permission.MANAGE_PROJECT, about):
            raise Forbidden()
    db.session.flush()
    other = project.lead if project.lead_id != before else None
    tell(project, "lead" if other else "changed", by, at, person=other)
    return project


def _write(project: Project, draft: ProjectDraft, by: Person) -> None:
    if not any(draft.titles.values()):
        raise InvalidInput(fields={"titles": lazy_gettext("Give the project a title.")})
    lead = person_by_email(draft.lead)
    if lead is None or not lead.is_active:
        raise InvalidInput(
            fields={"lead": lazy_gettext("Nobody has an account with this address.")}
        )
    project.titles = {tag: text for tag, text in draft.titles.items() if text}
    project.kind, project.field = draft.kind, draft.field
    project.grant_numbers = list(draft.grant_numbers)
    project.ends_on = draft.ends_on
    project.agreement = _agreement(draft.agreement, by, project.agreement)
    project.lead, project.lead_id = lead, lead.id
    if all(each.id != lead.id for each in project.members):
        project.members.append(lead)


def _agreement(reference: str | None, by: Person, now: Agreement | None) -> Agreement | None:
    if not reference:
        return None
    if now is not None and now.reference == reference:
        return now
    try:
        return agreement_of(by, reference)
    except NotFound:
        sentence = lazy_gettext("There is no such agreement.")
        raise InvalidInput(fields={"agreement": sentence}) from None
