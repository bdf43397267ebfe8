"""What every act on a project begins and ends with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ....foundation.database import db
from ....foundation.errors import Forbidden
from ....foundation.signals import project_changed
from ....identity import audit
from ....identity.models import Person
from ..errors import ProjectOver
from ..models import Project
from ..queries import Standing, project_of, standing_of
from ..rules import runs_on


def led(reference: str, by: Person) -> tuple[Project, Standing]:
    project = project_of(reference, to_change=True)
    standing = standing_of(by, project)
    if not standing.may_lead:
        raise Forbidden()
    return project, standing


def check_runs(project: Project, at: datetime) -> None:
    if not runs_on(project.ends_on, at.date()):
        raise ProjectOver()


def tell(
    project: Project, what: str, by: Person, at: datetime, *, person: Person | None, note: str = ""
) -> None:
    db.session.flush()
    details: dict[str, Any] = {"person": person.id} if person is not None else {}
    audit.record(f"project.{what}", "project", project.reference, by=by.id, at=at, **details)
    project_changed.send(project, what=what, person=person, by=by, at=at, note=note, minutes=0)
