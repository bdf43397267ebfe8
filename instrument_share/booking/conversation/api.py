"""JSON calls of the conversation on a booking."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from flask_smorest import Blueprint

from ...files.http import chosen, send_stored, takes_files
from ...foundation.clock import now
from ...foundation.http.arguments import HouseParser, arguments
from ...foundation.http.limits import WRITING, limiter
from ...foundation.http.paging import PageQuery
from ...foundation.http.schema import load
from ...identity.current import require_person
from ...identity.once import once
from . import queries, services
from .schemas import RemarkPage, RemarkSchema, SaySchema
from .values import Words

blueprint = Blueprint(
    "conversation_api",
    __name__,
    url_prefix="/api/v1/bookings/<reference>",
    description="What applicant and offices write to each other",
)
_PARSER = HouseParser()
_BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": SaySchema},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["text"],
                "properties": {
                    "text": {"type": "string"},
                    "internal": {"type": "boolean"},
                    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                },
            }
        },
    },
}


@blueprint.get("/messages")
@arguments(blueprint, PageQuery, location="query")
@blueprint.response(200, RemarkPage)
def list_messages(query: dict[str, int], reference: str) -> dict[str, Any]:
    """What was said on a booking, the oldest first."""
    page = queries.remarks_on(reference, require_person(), **query)
    return page.envelope(page.items)


@blueprint.post("/messages")
@limiter.limit(WRITING)
@blueprint.doc(requestBody=_BODY)
@blueprint.response(201, RemarkSchema)
@takes_files
def say(reference: str) -> Any:
    """Say something, with files. Repeat with the same `Idempotency-Key` to get the first answer again."""
    person, at, words = require_person(), now(), _words()

    def answer() -> dict[str, Any]:
        return RemarkSchema().dump(services.say(reference, words, by=person, at=at))

    content = repr((words.text, words.is_internal, [each.filename for each in words.files]))
    return jsonify(once(person, at, answer, content=content.encode())), 201


@blueprint.get("/files/<key>")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
def read_file(reference: str, key: str) -> Response:
    """The content of a file that was sent with a message."""
    return send_stored(queries.file_on(reference, key, require_person()))


def _words() -> Words:
    """What the body says. Raises InvalidInput."""
    if request.mimetype == "multipart/form-data":
        said, files = load(SaySchema(), request.form), chosen("files")
    else:
        said, files = _PARSER.parse(SaySchema(), request, location="json"), []
    return Words(said["text"], said["internal"], files)
