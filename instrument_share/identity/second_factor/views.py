"""Setting up a second factor, and giving its code at the sign-in."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pyotp import TOTP

from ...foundation.clock import now
from ...foundation.errors import NotFound, Refusal
from ...foundation.http.limits import SIGN_IN, limiter
from ...foundation.http.local import local_address
from ...foundation.transaction import check_not_only_reading, perform
from .. import services as identity
from ..acting import actor_of
from ..current import require_person
from ..models import Person
from ..sessions import cookie
from . import gate, services
from .rules import is_required, new_secret
from .sealing import seal, unseal

blueprint = Blueprint("second_factor", __name__)

#: In the cookie while it is set up, encrypted.
_DRAFT = "second_factor"
_ISSUER = "instrument_share"


@blueprint.get("/account/second-factor")
def index() -> ResponseReturnValue:
    """What to do to set it up; or that it is, and what one may do then."""
    return _page(require_person(), {})


@blueprint.post("/account/second-factor")
@limiter.limit(SIGN_IN)
def set_up() -> ResponseReturnValue:
    """The first code shows that the authenticator knows the secret. The recovery codes are shown this once."""
    person = require_person()
    secret = _draft()
    try:
        codes = perform(
            services.set_up, person, secret, request.form.get("otp", ""), at=now(),
            password=request.form.get("password", ""),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(person, refusal.fields, refusal.status)
    session.pop(_DRAFT, None)
    return render_template("identity/second_factor/codes.html", codes=codes)


@blueprint.get("/account/second-factor/qr.svg")
def picture() -> Response:
    """The secret for the camera of a telephone."""
    import segno

    person = require_person()
    check_not_only_reading()
    if person.second_factor_at is not None or _DRAFT not in session:
        raise NotFound()
    uri = TOTP(_draft(), name=person.email, issuer=_ISSUER).provisioning_uri()
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(drawn, kind="svg", scale=5, border=4, light="white")
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.post("/account/second-factor/recovery-codes")
@limiter.limit(SIGN_IN)
def renew() -> ResponseReturnValue:
    person = require_person()
    outcome = perform(services.renew_recovery_codes, person, request.form.get("otp", ""), at=now())
    if isinstance(outcome, Refusal):
        return _page(person, outcome.fields, outcome.status)
    return render_template("identity/second_factor/codes.html", codes=outcome)


@blueprint.post("/account/second-factor/off")
@limiter.limit(SIGN_IN)
def turn_off() -> ResponseReturnValue:
    person = require_person()
    refusal = perform(services.turn_off, person, request.form.get("otp", ""), at=now())
    if refusal is not None:
        return _page(person, refusal.fields, refusal.status)
    flash(gettext("Your second factor is turned off."), "success")
    return redirect(url_for("second_factor.index"))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@limiter.limit(SIGN_IN, methods=["POST"])
def enter() -> ResponseReturnValue:
    """The second step of signing in."""
    person = gate.half_in()
    if person is None:
        flash(gettext("Sign in again: that took too long."), "info")
        return redirect(url_for("identity.sign_in"))
    target = local_address(request.values.get("next")) or url_for("catalogue.search")
    if request.method == "GET":
        return render_template("identity/second_factor/enter.html", errors={}, next=target)
    at = now()
    refusal = perform(services.check, person, request.form.get("otp", "").strip(), at=at)
    if refusal is not None:
        page = render_template(
            "identity/second_factor/enter.html", errors=refusal.fields, next=target
        )
        return page, refusal.status
    perform(identity.signed_in, person, at=at)
    cookie.begin(person, at=at)
    return redirect(target)


def _draft() -> str:
    """The secret that is being set up in this browser."""
    secret = unseal(session.get(_DRAFT, ""))
    if secret is None:
        secret = new_secret()
        session[_DRAFT] = seal(secret)
    return secret


def _page(person: Person, errors: Any, status: int = 200) -> ResponseReturnValue:
    required = is_required(actor_of(person))
    if person.second_factor_at is not None:
        left = services.recovery_codes_left(person)
        page = render_template(
            "identity/second_factor/present.html",
            errors=errors, left=left, required=required, since=person.second_factor_at.date(),
        )  # fmt: skip
        return page, status
    check_not_only_reading()
    page = render_template(
        "identity/second_factor/set_up.html",
        errors=errors, secret=_draft(), due=gate.is_due(person), person=person,
    )  # fmt: skip
    return page, status
