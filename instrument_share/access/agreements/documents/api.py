"""JSON calls of an agreement's documents."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from flask_smorest import Blueprint

from ....files.http import send_stored, takes_files
from ....foundation.clock import now
from ....foundation.http.limits import WRITING, limiter
from ....foundation.transaction import perform
from ....identity.current import require_person
from ....identity.once import once
from . import queries, services
from .rules import DOCUMENT_LANGUAGES, DocumentKind
from .schemas import DocumentIn, DocumentList, DocumentOut, draft_from, listed

blueprint = Blueprint(
    "agreement_documents_api",
    __name__,
    url_prefix="/api/v1/agreements/<reference>/documents",
    description="Documents of an agreement, for the offices of both sides",
)
_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["title", "kind", "language", "file"],
                "properties": {
                    "title": {"type": "string", "maxLength": 200},
                    "kind": {"type": "string", "enum": [str(kind) for kind in DocumentKind]},
                    "language": {"type": "string", "enum": list(DOCUMENT_LANGUAGES)},
                    "file": {"type": "string", "format": "binary"},
                },
            }
        }
    },
}


@blueprint.get("")
@blueprint.response(200, DocumentList)
def list_documents(reference: str) -> dict[str, Any]:
    """The documents of an agreement, the latest first."""
    agreement = queries.agreement_with_documents(require_person(), reference)
    return listed(list(queries.documents_of(agreement)))


@blueprint.post("")
@limiter.limit(WRITING)
@blueprint.doc(requestBody=_BODY)
@blueprint.response(201, DocumentOut)
@takes_files
def add_document(reference: str) -> Any:
    """Add a document. Repeat with the same `Idempotency-Key` to get the first answer again."""
    person, at = require_person(), now()
    queries.agreement_to_document(person, reference)
    draft = draft_from(DocumentIn(), request.form)

    def answer() -> dict[str, Any]:
        return dict(DocumentOut().dump(services.add_document(reference, draft, by=person, at=at)))

    name = draft.file.filename if draft.file else None
    content = repr((draft.title, str(draft.kind), draft.language, name))
    return jsonify(once(person, at, answer, content=content.encode())), 201


@blueprint.get("/<key>")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
def read_document(reference: str, key: str) -> Response:
    """The content of a document."""
    agreement = queries.agreement_with_documents(require_person(), reference)
    return send_stored(queries.document_on(agreement, key).file)


@blueprint.delete("/<key>")
@limiter.limit(WRITING)
@blueprint.response(204)
def remove_document(reference: str, key: str) -> None:
    """Remove a document; that of an agreement that has ended stays (409)."""
    perform(services.remove_document, reference, key, by=require_person(), at=now())
