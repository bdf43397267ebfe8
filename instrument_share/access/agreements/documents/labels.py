"""The words of documents."""

from __future__ import annotations

from flask_babel import LazyString, gettext, lazy_gettext

from ....foundation.languages import native_name
from .rules import DOCUMENT_LANGUAGES, DocumentKind

KINDS: dict[str, LazyString] = {
    DocumentKind.MEMORANDUM: lazy_gettext("Memorandum"),
    DocumentKind.ANNEX: lazy_gettext("Annex"),
    DocumentKind.RENEWAL: lazy_gettext("Renewal"),
    DocumentKind.OTHER: lazy_gettext("Other document"),
}


def language_name(tag: str) -> str:
    """A language in itself; what is in several is called so."""
    return gettext("Several languages") if tag == "mul" else native_name(tag)


def language_choices() -> list[tuple[str, str]]:
    return [(tag, language_name(tag)) for tag in DOCUMENT_LANGUAGES]
