"""The inbox on the wire; texts are in the caller's language."""

from __future__ import annotations

from marshmallow import fields

from ..foundation.http.paging import PageQuery
from ..foundation.http.schema import BaseSchema, Instant


class MessageSchema(BaseSchema):
    """Something that the caller was told; `url` is the page that it leads to."""

    id = fields.Integer()
    kind = fields.String()
    at = Instant()
    read = fields.Boolean()
    subject = fields.String()
    sentence = fields.String()
    next_step = fields.String()
    comment = fields.String()
    by = fields.String()
    url = fields.String()


class ThingSchema(BaseSchema):
    """One thing to do; `url` is the path of the page on which it is done."""

    about = fields.String()
    detail = fields.String()
    url = fields.String()
    due = Instant(allow_none=True)


class WaitingSchema(BaseSchema):
    """Things of one kind, the most urgent first; `total` counts those that are not listed, too."""

    kind = fields.String(attribute="name")
    title = fields.String()
    total = fields.Integer(attribute="pile.total")
    things = fields.List(fields.Nested(ThingSchema), attribute="pile.things")


class InboxPage(PageQuery):
    """What waits, whatever the page, and a page of messages."""

    waiting = fields.List(fields.Nested(WaitingSchema))
    unread = fields.Integer()
    items = fields.List(fields.Nested(MessageSchema))
    total = fields.Integer()
