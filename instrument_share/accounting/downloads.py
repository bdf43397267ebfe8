"""Documents as HTTP answers."""

from __future__ import annotations

from flask import Response

from ..foundation.errors import NotFound
from .documents import KINDS
from .models import Statement


def download_of(statement: Statement, kind: str) -> Response:
    """The statement as a file to save. Raises NotFound for a kind that there is not."""
    if kind not in KINDS:
        raise NotFound()
    answer = Response(KINDS[kind].make(statement), content_type=KINDS[kind].media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{statement.number}.{kind}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
