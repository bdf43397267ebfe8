"""A document as it is handed in, before it is a row."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from .rules import DocumentKind


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """`language` is a tag of `DOCUMENT_LANGUAGES`; without a file it is refused."""

    title: str
    kind: DocumentKind
    language: str
    file: FileStorage | None
