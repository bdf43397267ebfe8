"""All that is held about me, as one file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from ...foundation.clock import now
from ...foundation.errors import DomainError
from ...foundation.http.limits import SIGN_IN, limiter
from ...foundation.transaction import check_not_only_reading, perform
from ..current import require_person
from ..models import Person
from . import services
from .archive import archive_of
from .registry import parts

blueprint = Blueprint("own_data", __name__)


@blueprint.get("/account/data")
def index() -> ResponseReturnValue:
    """What is held about me, and the button that gives it."""
    return _page(require_person())


@blueprint.post("/account/data")
@limiter.limit(SIGN_IN)
def export() -> ResponseReturnValue:
    """The archive, after the password and the code."""
    person = require_person()
    check_not_only_reading()
    form = request.form
    at = now()
    doubt = perform(
        services.note_export, person, form.get("password", ""), form.get("otp", "").strip(), at=at
    )
    if doubt is not None:
        return _page(person, doubt)
    answer: Response = send_file(
        archive_of(person, at=at),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"my-data-{at:%Y-%m-%d}.zip",
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(person: Person, doubt: DomainError | None = None) -> ResponseReturnValue:
    page = render_template(
        "identity/own_data/index.html",
        person=person, parts=parts(), errors=doubt.fields if doubt else {},
    )  # fmt: skip
    return page, doubt.status if doubt else 200
