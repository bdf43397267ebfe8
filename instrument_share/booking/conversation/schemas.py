"""What is said, from outside and back."""

from __future__ import annotations

from typing import Any

from flask import url_for
from marshmallow import fields

from ...foundation.http.paging import PageQuery
from ...foundation.http.schema import BaseSchema, FormSchema, Instant, Text
from .models import Remark
from .values import LONGEST


class SaySchema(BaseSchema):
    """Something to be said; `internal` for the offices alone. JSON, or multipart/form-data with `files`."""

    text = Text(required=True, most=LONGEST, lines=True)
    internal = fields.Boolean(load_default=False)


class SayForm(FormSchema, SaySchema):
    """The same from the page's form."""


class FileSchema(BaseSchema):
    """A file; `url` gives its content to whoever may see the remark."""

    name = fields.String()
    media_type = fields.String()
    size = fields.Integer(metadata={"description": "bytes"})
    sha256 = fields.String()
    url = fields.String()


class RemarkSchema(BaseSchema):
    """Something that was said on a booking."""

    id = fields.Integer()
    text = fields.String()
    internal = fields.Boolean(attribute="is_internal")
    by = fields.String(attribute="author.display_name")
    at = Instant(attribute="said_at")
    files = fields.Method("files_of")

    def files_of(self, remark: Remark) -> list[dict[str, Any]]:
        return [
            FileSchema().dump(
                {
                    "name": file.name,
                    "media_type": file.media_type,
                    "size": file.size,
                    "sha256": file.sha256,
                    "url": url_for(
                        "conversation_api.read_file",
                        reference=remark.booking.reference,
                        key=file.key,
                    ),
                }
            )
            for file in remark.files
        ]


class RemarkPage(PageQuery):
    items = fields.List(fields.Nested(RemarkSchema))
    total = fields.Integer()
