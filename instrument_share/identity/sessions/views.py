"""Where I am signed in: the list, and the ways to end it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone, gettext, ngettext

from ...foundation.clock import now
from ...foundation.http.schema import load
from ...foundation.http.show import zoned
from ...foundation.identifiers import digest_of
from ...foundation.transaction import perform
from ..current import require_person
from ..schemas import EverywhereForm
from . import cookie, services
from .models import SignInSession
from .rules import device_of

blueprint = Blueprint("sessions", __name__)


@dataclass(frozen=True)
class ShownSession:
    """A session as its owner sees it."""

    row: SignInSession
    device: str
    started: str
    seen: str
    is_this: bool


@blueprint.get("/account/sessions")
def index() -> ResponseReturnValue:
    """Every device on which I am signed in, this one marked."""
    rows = services.sessions_of(require_person(), now())
    this = digest_of(session.get(cookie.SECRET, ""))
    shown = [_session_shown(row, this) for row in rows]
    return render_template("identity/sessions/index.html", sessions=shown)


@blueprint.post("/account/sessions/<int:session_id>/end")
def end(session_id: int) -> ResponseReturnValue:
    perform(services.end_session, session_id, by=require_person(), at=now())
    flash(gettext("This device is signed out."), "success")
    return redirect(url_for("sessions.index"))


@blueprint.post("/account/sessions/end-all")
def end_all() -> ResponseReturnValue:
    """Out everywhere, here as well, and programs, too."""
    addresses = load(EverywhereForm(), request.form)["addresses"]
    ended = perform(services.end_everything, require_person(), at=now(), addresses=addresses)
    cookie.renew()
    told = ngettext(
        "You are signed out on every device, and %(num)s token is void.",
        "You are signed out on every device, and %(num)s tokens are void.",
        ended,
    )
    flash(told if ended else gettext("You are signed out on every device."), "success")
    return redirect(url_for("identity.sign_in"))


def _session_shown(row: SignInSession, this: str) -> ShownSession:
    """On the reader's own clock: no instrument has another one here."""
    zone = str(get_timezone())
    started, seen = zoned(row.started_at, zone), zoned(row.seen_at, zone)
    return ShownSession(row, _device(row.user_agent), started, seen, row.digest == this)


def _device(user_agent: str) -> str:
    browser, system = device_of(user_agent)
    if browser and system:
        return gettext("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or gettext("An unknown device")
