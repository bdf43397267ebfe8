"""Papers of the demonstration: documents of an agreement, and what an applicant sends as evidence. All made up."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from werkzeug.datastructures import FileStorage

from ..access.agreements.documents.rules import DocumentKind
from ..access.agreements.documents.services import add_document
from ..access.agreements.documents.values import DocumentDraft
from ..foundation.documents.typeset import written
from ..foundation.languages import DEFAULT
from .people import People

_TEMPLATE = Path(__file__).parent / "content" / "paper.typ"
_FOOTER = "Demonstration. No such agreement exists in reality. · 演示文件，并非真实协议。"
_AGREEMENT = "D-2026-01"
_DOCUMENTS = (
    (
        400, DocumentKind.MEMORANDUM, "mul", "Memorandum of understanding · 谅解备忘录", "memorandum.pdf",
        (
            "The host institutions open their instruments to researchers of the partner institutions.",
            "主办单位向合作单位的研究人员开放仪器。",
            "Each side names a liaison. Instrument time is granted for each calendar year.",
            "双方各指定一名联络员。机时按自然年度授予。",
        ),
    ),
    (
        30, DocumentKind.ANNEX, "en", "Annex 1: discounts by access mode", "annex-1.pdf",
        ("On site: 30 percent off the list price.", "Remote: 40 percent off the list price."),
    ),
)  # fmt: skip


def write_papers(people: People, at: datetime) -> None:
    """What both sides of an agreement find on its page."""
    for days, kind, language, title, name, paragraphs in _DOCUMENTS:
        draft = DocumentDraft(title, kind, language, paper(name, title, paragraphs))
        add_document(_AGREEMENT, draft, by=people.programme, at=at - timedelta(days=days))


def paper(name: str, title: str, paragraphs: Sequence[str]) -> FileStorage:
    """A PDF as a browser would hand it in."""
    told = {"title": title, "paragraphs": list(paragraphs), "footer": _FOOTER}
    return FileStorage(io.BytesIO(written(_TEMPLATE, told, DEFAULT)), filename=name)
