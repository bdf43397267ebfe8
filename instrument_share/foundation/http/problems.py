"""Errors on the wire: RFC 9457 problem details."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, g

from ..errors import DomainError

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, code: str, title: str, *, errors: dict[str, str] | None = None, **details: Any
) -> Response:
    """An RFC 9457 answer with our stable `code`; `errors` tells field by field what to do."""
    body: dict[str, Any] = {
        "type": f"/help#error-{code}",
        "title": title,
        "status": status,
        "detail": title,
        "code": code,
    }
    if errors:
        body["errors"] = errors
        body["detail"] = " ".join([title, *errors.values()])
    body |= details
    body["request_id"] = g.get("request_id", "")
    text = json.dumps(body, ensure_ascii=False, default=str)
    # Half a surrogate, which JSON can say and UTF-8 cannot, goes back as it came: `\ud800`.
    return Response(text.encode(errors="backslashreplace"), status, mimetype=MEDIA_TYPE)


def problem_of(error: DomainError) -> Response:
    """The problem that tells a domain error, in the language of the request."""
    fields = {name: str(text) for name, text in error.fields.items()}
    return problem(
        error.status, error.code, str(error.message), errors=fields or None, **error.details
    )
