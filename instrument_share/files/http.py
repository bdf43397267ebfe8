"""Files on the wire: views that take them, and the one way in which they are given back.

@blueprint.post("/bookings/<reference>/messages")
@takes_files
def say(reference): … keep_files(chosen("files"), by=…, at=…)

return send_stored(file)  # after the service of the room that owns the link has said yes
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request, send_file
from werkzeug.datastructures import FileStorage

from ..foundation.errors import NotFound
from .models import StoredFile
from .rules import LARGEST_REQUEST
from .storage import path_of

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "largest_request"
#: Should a browser show it all the same: alone, and able to do nothing.
_POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def init_app(app: Flask) -> None:
    """Comes before whatever reads the body (the CSRF check does)."""
    app.before_request(_widen)


def takes_files(view: View) -> View:
    """Let requests to this view be as large as a file; all others stay small. The innermost decorator."""
    setattr(view, _MARK, LARGEST_REQUEST)
    return view


def _widen() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    largest = getattr(view, _MARK, None)
    if largest:
        request.max_content_length = largest


def chosen(field: str) -> list[FileStorage]:
    """The files of a form's field; browsers send an unnamed one where none was chosen."""
    return [each for each in request.files.getlist(field) if each.filename]


def send_stored(file: StoredFile) -> Response:
    """The content, always to be saved and never shown inside the site (RFC 6266, RFC 8187 for its name).

    Whether the reader may have it is the caller's question. NotFound where the content is gone.
    """
    content = path_of(file.key)
    if not content.is_file():
        raise NotFound()
    answer = send_file(
        content,
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        conditional=True,
        etag=file.sha256,
        last_modified=file.created_at,
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
