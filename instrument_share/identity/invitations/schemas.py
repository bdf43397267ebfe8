"""Invitations on the wire."""

from __future__ import annotations

from marshmallow import fields

from ...foundation.http.paging import PageQuery
from ...foundation.http.schema import BaseSchema, Instant, Text
from ..schemas import MailAddress, language_field
from .rules import InvitationState


class InviteSchema(BaseSchema):
    """Whom to invite, in which language to write to them; `institution` where the caller vouches for several."""

    email = MailAddress(required=True)
    name = Text(load_default="")
    language = language_field()
    institution = Text(load_default="", metadata={"description": "its slug"})


class InvitationSchema(BaseSchema):
    """An invitation. Its link is in the mail alone."""

    id = fields.Integer()
    email = fields.String()
    name = fields.String()
    language = fields.String()
    institution = fields.String()
    state = fields.Enum(InvitationState, by_value=True)
    invited_by = fields.String()
    created_at = Instant()
    expires_at = Instant()


class InvitationPage(PageQuery):
    items = fields.List(fields.Nested(InvitationSchema))
    total = fields.Integer()
