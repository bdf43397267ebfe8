"""Documents of an agreement, from outside and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext
from marshmallow import fields, validate

from ....files.http import chosen
from ....foundation.http.schema import BaseSchema, FormSchema, Instant, Text, load, one_sentence
from .models import AgreementDocument
from .rules import DOCUMENT_LANGUAGES, DocumentKind
from .values import DocumentDraft

_KIND = lazy_gettext("Choose what kind of document it is.")
_LANGUAGE = lazy_gettext("Choose a language from the list.")


class DocumentIn(BaseSchema):
    """multipart/form-data, with the content as `file`."""

    title = Text(required=True)
    kind = fields.Enum(
        DocumentKind,
        by_value=True,
        required=True,
        error_messages=one_sentence(_KIND),
    )
    language = fields.String(
        required=True,
        validate=validate.OneOf(DOCUMENT_LANGUAGES, error=str(_LANGUAGE)),
        error_messages=one_sentence(_LANGUAGE),
    )


class DocumentForm(FormSchema, DocumentIn):
    """The same from the page's form."""


def draft_from(schema: DocumentIn, form: Mapping[str, str]) -> DocumentDraft:
    """The document that was handed in. Raises InvalidInput, field by field."""
    said = load(schema, form)
    return DocumentDraft(**said, file=next(iter(chosen("file")), None))


class DocumentOut(BaseSchema):
    """`url` gives the content to the offices of both sides."""

    key = fields.String(attribute="file.key")
    title = fields.String()
    kind = fields.String()
    language = fields.String()
    name = fields.String(attribute="file.name")
    media_type = fields.String(attribute="file.media_type")
    size = fields.Integer(attribute="file.size", metadata={"description": "bytes"})
    sha256 = fields.String(attribute="file.sha256")
    added_at = Instant()
    url = fields.Method("url_of")

    def url_of(self, document: AgreementDocument) -> str:
        return url_for(
            "agreement_documents_api.read_document",
            reference=document.agreement.reference,
            key=document.file.key,
        )


class DocumentList(BaseSchema):
    items = fields.List(fields.Nested(DocumentOut))
    total = fields.Integer()


def listed(documents: list[AgreementDocument]) -> dict[str, Any]:
    return {"items": documents, "total": len(documents)}
