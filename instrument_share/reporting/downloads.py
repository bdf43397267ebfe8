"""The contribution report as a file to save."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from ..foundation.documents import comma_separated, workbook
from .contribution import Contribution
from .sheets import file_name, written_text, written_workbook

#: The kinds of files: media type and how one is made.
KINDS: dict[str, tuple[str, Callable[[Contribution], bytes]]] = {
    "xlsx": (workbook.MEDIA_TYPE, written_workbook),
    "csv": (comma_separated.MEDIA_TYPE, written_text),
}


def download_of(report: Contribution, kind: str) -> Response:
    media_type, write = KINDS[kind]
    answer = Response(write(report), content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(report, kind))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def kind_wanted(accepted: Callable[[list[str]], str | None]) -> str | None:
    """The kind of file that an Accept header asks for before JSON, if any; `accepted` chooses among media types."""
    types = {media_type.split(";")[0]: kind for kind, (media_type, _) in KINDS.items()}
    return types.get(accepted(["application/json", *types]) or "")
