"""A forgotten password, as people meet it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import InvalidInput
from ...foundation.http.limits import SIGN_IN, limiter
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from .. import services
from ..schemas import ForgottenForm, NewPasswordForm


@limiter.limit(SIGN_IN, methods=["POST"])
def ask() -> ResponseReturnValue:
    """Whether the address is known or not, the answer is the same."""
    if request.method == "GET":
        return render_template("identity/forgotten.html", errors={}, form={})
    try:
        email = load(ForgottenForm(), request.form)["email"]
    except InvalidInput as refusal:
        page = render_template("identity/forgotten.html", errors=refusal.fields, form=request.form)
        return page, refusal.status
    perform(services.ask_for_new_password, email, at=now())
    return render_template("identity/forgotten_asked.html", email=email)


@limiter.limit(SIGN_IN, methods=["POST"])
def choose(secret: str) -> ResponseReturnValue:
    """The link from the mail. Opening it changes nothing."""
    person = services.check_link(secret)
    if request.method == "GET":
        return _form(secret, person.email)
    try:
        form = load(NewPasswordForm(), request.form)
        perform(services.set_forgotten_password, secret, **form, at=now())
    except InvalidInput as refusal:
        return _form(secret, person.email, refusal.fields), refusal.status
    flash(gettext("Your password is changed. Sign in with it."), "success")
    return redirect(url_for("identity.sign_in"))


def _form(secret: str, email: str, errors: Mapping[str, Any] | None = None) -> str:
    return render_template(
        "identity/new_password.html",
        errors=errors or {}, secret=secret, email=email, form=request.form,
    )  # fmt: skip
