"""JSON calls of projects."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from ...identity.current import require_person
from . import queries
from .schemas import ProjectDetail, ProjectList, allocations_out, project_out

blueprint = Blueprint(
    "projects_api", __name__, url_prefix="/api/v1", description="Joint projects and their time"
)


@blueprint.get("/projects")
@blueprint.response(200, ProjectList)
def list_projects() -> dict[str, Any]:
    """The projects that the caller takes part in, is invited to, or looks after."""
    items = [project_out(each) for each in queries.projects_shown_to(require_person())]
    return {"items": items, "total": len(items), "page": 1, "page_size": max(len(items), 1)}


@blueprint.get("/projects/<reference>")
@blueprint.response(200, ProjectDetail)
def read_project(reference: str) -> dict[str, Any]:
    """One project, with its time for those who may know."""
    person, project = require_person(), queries.project_of(reference)
    inside = queries.standing_of(person, project).is_inside
    return project_out(project) | {
        "agreement": project.agreement.reference if inside and project.agreement else None,
        "allocations": allocations_out(project) if inside else [],
    }
