"""The conversation on the booking's page: saying something, and fetching a file."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...files.http import chosen, send_stored, takes_files
from ...foundation.clock import now
from ...foundation.errors import InvalidInput
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from ..queries import booking_for
from ..views.pages import booking_page
from . import queries, services
from .schemas import SayForm
from .values import Words

blueprint = Blueprint("conversation", __name__, url_prefix="/bookings/<reference>")


@blueprint.post("/messages")
@takes_files
def say(reference: str) -> ResponseReturnValue:
    """Say it, and come back to the conversation; what was typed is kept where it is refused."""
    person, at = require_person(), now()
    try:
        said = load(SayForm(), request.form)
        words = Words(said["text"], said["internal"], chosen("files"))
        perform(services.say, reference, words, by=person, at=at)
    except InvalidInput as refusal:
        return booking_page(booking_for(person, reference), person, at, refusal, request.form)
    flash(gettext("Noted.") if words.is_internal else gettext("Your message is sent."), "success")
    return redirect(url_for("booking.show", reference=reference) + "#conversation")


@blueprint.get("/files/<key>")
def file(reference: str, key: str) -> Response:
    return send_stored(queries.file_on(reference, key, require_person()))
