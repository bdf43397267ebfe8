"""Whoever oversees everything sets up a second factor before anything else; and signing in asks for its code.

The accounts of the demonstration are exempt, in demo mode alone: their password is known to everybody anyway.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...foundation.clock import now
from ...foundation.database import db
from ..acting import actor_of
from ..demo_accounts import DEMO_ACCOUNTS
from ..models import Person
from ..sessions import cookie
from .errors import SecondFactorDue
from .rules import is_required

#: What somebody may do before the second factor is set up: set it up, or leave.
_OPEN = {"identity.sign_out", "static", "health.live", "health.ready"}
#: In the cookie of somebody who knows the password and must still give the code.
_HALF_IN = "half_in"
_PATIENCE = timedelta(minutes=10)
_DEMO = frozenset(email for email, _ in DEMO_ACCOUNTS)


def init_app(app: Flask) -> None:
    app.before_request(_ask_to_set_up)


def is_due(person: Person) -> bool:
    """Whether the person must set up a second factor now."""
    if person.second_factor_at is not None or not is_required(actor_of(person)):
        return False
    return not (current_app.config["SETTINGS"].demo and person.email in _DEMO)


def admit(person: Person, target: str) -> ResponseReturnValue:
    """Sign in whoever gave the first factor and go to `target`, by way of the code where there is a second one."""
    if person.second_factor_at is None:
        cookie.begin(person, at=now())
        return redirect(target)
    cookie.renew()
    session[_HALF_IN] = [person.id, person.session_serial, int(now().timestamp())]
    return redirect(url_for("second_factor.enter", next=target))


def half_in() -> Person | None:
    """Who gave the first factor a moment ago in this browser."""
    told: Any = session.get(_HALF_IN)
    if not told:
        return None
    person_id, serial, since = told
    person = db.session.get(Person, person_id)
    is_fresh = now() - datetime.fromtimestamp(since, UTC) < _PATIENCE
    if person is None or not is_fresh or person.session_serial != serial or not person.is_active:
        return None
    return person


def _ask_to_set_up() -> ResponseReturnValue | None:
    is_call = request.path.startswith("/api/")
    if cookie.SECRET not in session and not (is_call and "Authorization" in request.headers):
        return None
    if request.endpoint in _OPEN or request.blueprint == "second_factor":
        return None
    if not current_user.is_authenticated or not is_due(current_user):
        return None
    if is_call:
        raise SecondFactorDue()
    return redirect(url_for("second_factor.index"))
