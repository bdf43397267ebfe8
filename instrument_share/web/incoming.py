"""What views may rely on in every request: it asks or it does, and all its text can be stored."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import BadRequest, NotFound

_NUL = "\0"


def init_app(app: Flask) -> None:
    app.before_request(_ask_only)
    app.before_request(_refuse_nul)


def _ask_only() -> None:
    """HEAD asks what GET would answer, and does no more (RFC 9110 section 9.3.2).

    Views that show a form on GET and do something on POST would else do it on HEAD, which no form's token guards. The
    server leaves out the body by itself.
    """
    if request.method == "HEAD":
        request.method = "GET"


def _refuse_nul() -> None:
    """PostgreSQL stores no NUL in a text, and no browser sends one: an address with it leads nowhere.

    What the JSON API is given is looked at by its schemas, which name the field.
    """
    if _NUL in request.path:
        raise NotFound()
    if request.path.startswith("/api/"):
        return
    # what brings no type of content brings no form
    given = (request.args, request.form) if request.content_type else (request.args,)
    for name, values in (item for each in given for item in each.lists()):
        if _NUL in name or any(_NUL in value for value in values):
            raise BadRequest()
