"""The connection on the booking's page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import NotFound, Refusal
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from ..queries import booking_for
from ..views.pages import booking_page
from . import services
from .rules import Check
from .schemas import ConnectionForm

blueprint = Blueprint("remote", __name__, url_prefix="/bookings/<reference>/connection")


@blueprint.post("")
def enter(reference: str) -> ResponseReturnValue:
    """How to connect, and who is on duty."""
    person, at = require_person(), now()
    try:
        plan = load(ConnectionForm(), request.form)
        perform(services.set_connection, reference, plan, by=person, at=at)
    except Refusal as refusal:
        return booking_page(booking_for(person, reference), person, at, refusal)
    flash(gettext("Saved. The applicant is told that the connection is ready."), "success")
    return _back(reference)


@blueprint.post("/checks/<code>")
def check(reference: str, code: str) -> ResponseReturnValue:
    """A check is done, or not after all."""
    if code not in set(Check):
        raise NotFound()
    done = request.form.get("done") == "1"
    perform(services.tick_check, reference, Check(code), done, by=require_person(), at=now())
    return _back(reference)


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("booking.show", reference=reference) + "#connection")
