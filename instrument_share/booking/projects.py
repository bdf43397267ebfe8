"""The joint project that a booking belongs to."""

from __future__ import annotations

from ..access.projects.models import Project
from ..access.projects.queries import projects_of
from ..foundation.interval import Interval
from ..identity.models import Person
from .errors import UnknownProject


def project_for(person: Person, reference: str | None, slot: Interval) -> Project | None:
    """The project that was named, where the person is a member and it still runs then. Raises UnknownProject."""
    if not reference:
        return None
    for project in projects_of(person, slot.start.date()):
        if project.reference == reference:
            return project
    raise UnknownProject()
