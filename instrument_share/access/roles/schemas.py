"""What the pages of roles take."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import ValidationError, fields, post_load, validates_schema

from ...foundation.http.schema import Day, FormSchema, Text
from ...identity.rules import Role
from ...identity.schemas import MailAddress
from ...identity.values import Days
from .values import RoleRequest


class _Day(Day):
    """A day, or nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        return super()._deserialize(value, attr, data, **more) if value else None


class RoleForm(FormSchema):
    """Who is to hold which role, from when until when."""

    place = Text(required=True)
    email = MailAddress(required=True)
    role = fields.Enum(
        Role,
        by_value=True,
        required=True,
        error_messages={
            "required": lazy_gettext("Choose a role."),
            "unknown": lazy_gettext("Choose a role."),
        },
    )
    first = _Day(load_default=None)
    last = _Day(load_default=None)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["first"] and data["last"] and data["last"] < data["first"]:
            raise ValidationError(gettext("The last day is before the first one."), "last")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> tuple[str, RoleRequest]:
        days = Days(data["first"], data["last"])
        return data["place"], RoleRequest(data["email"], data["role"], days)
