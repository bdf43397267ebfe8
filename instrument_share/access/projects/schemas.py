"""Projects on the wire."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ...foundation.http import show
from ...foundation.http.schema import BaseSchema
from ..pots import use_of_allocations
from .models import Project
from .shown import institutions_of


class AllocationOut(BaseSchema):
    """Minutes for a period (days are inclusive) at one facility or, with null, anywhere."""

    facility = fields.String(allow_none=True)
    starts_on = fields.Date()
    ends_on = fields.Date()
    granted_minutes = fields.Integer()
    reserved_minutes = fields.Integer()
    used_minutes = fields.Integer()
    left_minutes = fields.Integer()


class ProjectOut(BaseSchema):
    reference = fields.String()
    kind = fields.String()
    title = fields.String()
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    field = fields.String()
    institutions = fields.List(fields.String())
    ends_on = fields.Date(allow_none=True)


class ProjectDetail(ProjectOut):
    """`allocations` only for the project's own people and those who look after it."""

    agreement = fields.String(allow_none=True)
    allocations = fields.List(fields.Nested(AllocationOut))


class ProjectList(BaseSchema):
    items = fields.List(fields.Nested(ProjectOut))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()


def project_out(project: Project) -> dict[str, Any]:
    return {
        "reference": project.reference,
        "kind": project.kind,
        "title": show.localized(project.titles),
        "titles": dict(project.titles),
        "field": project.field,
        "institutions": [each.slug for each in institutions_of(project)],
        "ends_on": project.ends_on,
    }


def allocations_out(project: Project) -> list[dict[str, Any]]:
    use = use_of_allocations([each.id for each in project.allocations])
    return [
        {
            "facility": each.facility.slug if each.facility else None,
            "starts_on": each.starts_on,
            "ends_on": each.ends_on,
            "granted_minutes": use[each.id].granted,
            "reserved_minutes": use[each.id].reserved,
            "used_minutes": use[each.id].used,
            "left_minutes": use[each.id].left,
        }
        for each in project.allocations
    ]
