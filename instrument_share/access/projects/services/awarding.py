"""A call was decided: a project begins with its people and its time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ....catalogue.queries import facility_by_slug
from ....foundation.database import db
from ....foundation.errors import Forbidden, NotFound
from ....identity.models import Person
from ....identity.queries import actor_of
from ....identity.rules import Action, Scope, may, subject
from ...models import Project
from ..values import AllocationDraft, ProjectDraft
from .acting import tell
from .allocating import give_time
from .beginning import new_project


def award_project(
    draft: ProjectDraft,
    people: Iterable[Person],
    time: AllocationDraft,
    *,
    by: Person,
    at: datetime,
) -> Project:
    """Begin the project of a proposal that gets time of a facility, with everybody who proposed it.

    Whoever decides calls there (DECIDE_CALL) does this by deciding, without managing projects otherwise; the people are
    told by the call. Raises Forbidden, NotFound without a facility, and InvalidInput.
    """
    if time.facility is None:
        raise NotFound()
    facility = facility_by_slug(time.facility)
    scopes = (Scope("facility", facility.id), Scope("institution", facility.host_id))
    if not may(actor_of(by), Action.DECIDE_CALL, subject(host=scopes)):
        raise Forbidden()
    project = new_project(draft, by)
    known = {each.id for each in project.members}
    project.members.extend(each for each in people if each.id not in known)
    db.session.add(project)
    tell(project, "awarded", by, at, person=project.lead)
    give_time(project, time, facility, by=by, at=at)
    return project
