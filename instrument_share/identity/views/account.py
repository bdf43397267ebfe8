"""Everybody's own account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import Refusal
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from .. import services
from ..account_links import addresses_of
from ..acting import actor_of
from ..choices import language_choices, zone_choices
from ..current import require_person
from ..openid.shown import ways_of
from ..rules import Permission, may_somewhere
from ..schemas import PasswordForm, ProfileForm, TokenForm
from ..scope_names import roles_told
from ..second_factor import services as second_factor
from .joining import let_in


def account() -> ResponseReturnValue:
    """Who I am, in which language and zone; my tokens, my roles, my calendar."""
    person = require_person()
    if request.method == "GET":
        return _page({})
    try:
        perform(services.change_profile, person, load(ProfileForm(), request.form), at=now())
    except Refusal as refusal:
        return _page(refusal.fields, status=refusal.status)
    flash(gettext("Your account is up to date."), "success")
    return redirect(url_for("identity.account", lang=person.language))


def password() -> ResponseReturnValue:
    """A new password; every other session and every token ends with it, unless that is not wanted."""
    person = require_person()
    try:
        form = load(PasswordForm(), request.form)
        perform(services.change_password, person, **form, at=now())
    except Refusal as refusal:
        return _page(refusal.fields, status=refusal.status)
    if form["others_out"]:
        let_in(person)
    flash(_what_ended(**form), "success")
    return redirect(url_for("identity.account"))


def _what_ended(*, others_out: bool, addresses: bool, **_: str) -> str:
    if not others_out:
        return gettext("Your password is changed. Other devices and programs stay signed in.")
    if not addresses:
        return gettext(
            "Your password is changed. Every other device is signed out, and every token is void."
        )
    return gettext(
        "Your password is changed. Every other device is signed out, every token is void, "
        "and your private calendars have new addresses."
    )


def issue_token() -> ResponseReturnValue:
    """A new API token, shown on this answer and never again."""
    person = require_person()
    try:
        label = load(TokenForm(), request.form)["label"]
    except Refusal as refusal:
        return _page(refusal.fields, status=refusal.status)
    doubt = perform(second_factor.check, person, request.form.get("otp"), at=now())
    if doubt is not None:
        return _page(doubt.fields, status=doubt.status)
    secret, _ = perform(services.issue_token, person, label, at=now())
    return _page({}, new_token=secret)


def revoke_token(token_id: int) -> ResponseReturnValue:
    perform(services.revoke_token, token_id, by=require_person(), at=now())
    flash(gettext("The token opens nothing any more."), "success")
    return redirect(url_for("identity.account"))


def _page(errors: Mapping[str, Any], status: int = 200, new_token: str = "") -> ResponseReturnValue:
    person = require_person()
    page = render_template(
        "identity/account.html",
        person=person,
        form=request.form if errors else None,
        errors=errors,
        new_token=new_token,
        tokens=services.tokens_of(person, now()),
        roles=roles_told(actor_of(person).own),
        addresses=addresses_of(person),
        decides=may_somewhere(actor_of(person), Permission.SEE_QUEUE),
        ways=ways_of(person),
        languages_offered=language_choices(),
        zones=zone_choices(),
    )
    return page, status
