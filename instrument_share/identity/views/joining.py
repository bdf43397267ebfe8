"""Signing up, in and out."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from ...foundation.clock import now
from ...foundation.errors import InvalidInput, Refusal
from ...foundation.http.limits import SIGN_IN, limiter
from ...foundation.http.local import local_address
from ...foundation.http.schema import load
from ...foundation.identifiers import new_secret
from ...foundation.transaction import perform
from .. import services
from ..choices import institution_choices, language_choices, zone_choices
from ..current import require_person
from ..demo_accounts import DEMO_ACCOUNTS
from ..models import Person
from ..openid.providers import offered
from ..openid.services import prove_mailbox
from ..openid.shown import ways_of
from ..schemas import NewPasswordForm, SignInForm, SignUpForm
from ..second_factor import gate
from ..sessions import cookie


@limiter.limit(SIGN_IN, methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """A wrong password and an unknown address are answered alike."""
    if request.method == "GET":
        return _sign_in_page({})
    try:
        given = load(SignInForm(), request.form)
        outcome = perform(services.sign_in, given["email"], given["password"], at=now())
    except Refusal as refusal:
        return _sign_in_page(refusal.fields, status=refusal.status)
    if isinstance(outcome, Refusal):
        return _sign_in_page({"email": str(outcome.message)}, status=outcome.status)
    target = local_address(request.values.get("next")) or url_for("catalogue.search")
    return gate.admit(outcome, target)


@limiter.limit(SIGN_IN, methods=["POST"])
def sign_up() -> ResponseReturnValue:
    """Make an account; what happens next comes by mail, whether the address is known or not."""
    if request.method == "GET":
        return _sign_up_page({})
    try:
        wanted = load(SignUpForm(), request.form)
        browser = session.setdefault(cookie.BROWSER, new_secret())
        perform(services.sign_up, wanted, at=now(), browser=browser)
    except Refusal as refusal:
        return _sign_up_page(refusal.fields, status=refusal.status)
    return render_template("identity/signed_up.html", email=wanted.email)


def verify_mail(secret: str) -> ResponseReturnValue:
    """The link from the mail. Opening it changes nothing: programs that look into mails open links, too."""
    browser = str(session.get(cookie.BROWSER, ""))
    chooses = services.is_to_choose_password(secret, browser)
    if request.method == "GET":
        return render_template(
            "identity/verify_mail.html", secret=secret, chooses=chooses, errors={}
        )
    try:
        wanted = load(NewPasswordForm(), request.form)["wanted"] if chooses else ""
        person = perform(prove_mailbox, secret, browser, at=now(), password=wanted)
    except InvalidInput as refusal:
        page = render_template(
            "identity/verify_mail.html", secret=secret, chooses=True, errors=refusal.fields
        )
        return page, refusal.status
    let_in(person)
    _welcome(person)
    return redirect(url_for("identity.account"))


def _welcome(person: Person) -> None:
    flash(gettext("Your e-mail address is confirmed. Welcome!"), "success")
    if not person.password_hash and not ways_of(person).linked:
        flash(
            gettext(
                "To be safe, connect your way to sign in once more, or set a password: the address was confirmed in "
                "another browser than the one in which the account was opened."
            ),
            "warning",
        )


def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        perform(services.signed_out, require_person(), session.get(cookie.SECRET, ""), at=now())
    cookie.renew()
    provider = session.pop(cookie.PROVIDER, None)
    if any(each.name == provider for each in offered()):
        return redirect(url_for("openid.signed_out", provider=provider))
    flash(gettext("You are signed out."), "info")
    return redirect(url_for("catalogue.search"))


def let_in(person: Person) -> None:
    """Sign the person in under a session that nobody knew before."""
    cookie.begin(person, at=now())


def _sign_in_page(errors: object, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "identity/sign_in.html",
        errors=errors,
        form=request.form,
        next=local_address(request.values.get("next")) or "",
        providers=offered(),
        demo_accounts=DEMO_ACCOUNTS if current_app.config["SETTINGS"].demo else (),
    )
    return page, status


def _sign_up_page(errors: object, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "identity/sign_up.html",
        errors=errors,
        form=request.form,
        institutions=institution_choices(),
        languages_offered=language_choices(),
        zones=zone_choices(),
        providers=offered(),
    )
    return page, status
