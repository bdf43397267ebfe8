"""A call was decided: a project begins with its people and its time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ....catalogue.models import Facility
from ....catalogue.queries import facility_by_slug
from ....foundation.database import db
from ....foundation.errors import Forbidden, NotFound
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Permission, Scope, may, subject
from ..models import Project
from ..values import AllocationDraft, ProjectDraft
from .acting import tell
from .allocating import give_time
from .beginning import new_project


def award_project(
    draft: ProjectDraft,
    people: Iterable[Person],
    times: Sequence[AllocationDraft],
    *,
    by: Person,
    at: datetime,
) -> Project:
    """Begin the project of a proposal that gets time of facilities, with everybody who proposed it.

    Whoever decides calls at each of them (DECIDE_CALL) does this by deciding, without managing projects otherwise; the
    people are told by the call. Raises Forbidden, NotFound without a facility, and InvalidInput.
    """
    facilities = [_facility(each, by) for each in times]
    project = new_project(draft, by)
    known = {each.id for each in project.members}
    project.members.extend(each for each in people if each.id not in known)
    db.session.add(project)
    tell(project, "awarded", by, at, person=project.lead)
    for time, facility in zip(times, facilities, strict=True):
        give_time(project, time, facility, by=by, at=at)
    return project


def _facility(time: AllocationDraft, by: Person) -> Facility:
    if time.facility is None:
        raise NotFound()
    facility = facility_by_slug(time.facility)
    scopes = (Scope("facility", facility.id), Scope("institution", facility.host_id))
    if not may(actor_of(by), Permission.DECIDE_CALL, subject(host=scopes)):
        raise Forbidden()
    return facility
