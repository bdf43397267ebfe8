"""What documents there are, and until when one can be taken away. Pure."""

from __future__ import annotations

from enum import StrEnum

from ...rules import AgreementState


class DocumentKind(StrEnum):
    MEMORANDUM = "memorandum"
    ANNEX = "annex"
    RENEWAL = "renewal"
    OTHER = "other"


#: BCP 47 tags of the languages that agreements are written in; `mul` (ISO 639-2) is one in several side by side.
DOCUMENT_LANGUAGES = (
    *("mul", "en", "zh-Hans", "ar", "ru", "fr", "es", "de", "pt", "it"),
    *("kk", "uz", "ky", "tg", "mn", "fa", "tr", "ur", "hi", "id", "ms", "th", "vi", "ja", "ko"),
)


def is_removable(state: str) -> bool:
    """What both sides had when an agreement ended stays with it."""
    return state != AgreementState.ENDED
