"""Content in several languages: a BCP 47 tag -> string mapping with one documented fallback order."""

from __future__ import annotations

from collections.abc import Mapping

LocalizedText = Mapping[str, str]


def in_language(text: LocalizedText | None, tag: str) -> str:
    """The text for a reader of `tag`; '' when there is none at all.

    Fallback order: the tag itself; the same language with another script or region; English; the first
    language that was written.
    """
    if not text:
        return ""
    if text.get(tag):
        return text[tag]
    base = tag.split("-", 1)[0]
    related = next(
        (value for key, value in text.items() if key.split("-", 1)[0] == base and value), None
    )
    return related or text.get("en") or next((value for value in text.values() if value), "")


def written_in(text: LocalizedText | None, tag: str) -> str | None:
    """The tag of the text that `in_language` returns, for an honest `lang` attribute."""
    shown = in_language(text, tag)
    return next((key for key, value in (text or {}).items() if value and value == shown), None)
