"""The page on which somebody asks their institution for its word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import InvalidInput, Refusal
from ...foundation.http.limits import WRITING, limiter
from ...foundation.transaction import perform
from ...identity.choices import institution_choices
from ...identity.current import require_person
from ...identity.services.signing_up import name_institution
from .explanations import joining_url
from .vouching import ask_to_vouch, vouching_of

blueprint = Blueprint("eligibility", __name__)


@blueprint.get("/account/vouching")
def vouching() -> str:
    """Who is asked, and when they were asked last; who belongs to no institution yet says to which."""
    return _page({})


@blueprint.post("/account/institution")
@limiter.limit(WRITING)
def name() -> ResponseReturnValue:
    """Say which institution one belongs to."""
    person = require_person()
    try:
        perform(name_institution, request.form.get("institution", ""), by=person, at=now())
    except InvalidInput as refusal:
        return _page(refusal.fields), refusal.status
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    else:
        flash(gettext("Saved. Your institution is noted."), "success")
    return redirect(url_for("eligibility.vouching"))


def _page(errors: Mapping[str, Any]) -> str:
    person = require_person()
    home = person.institution is not None
    return render_template(
        "access/vouching.html",
        person=person,
        vouching=vouching_of(person, now()),
        joining_url=joining_url(),
        institutions=[] if home else institution_choices(),
        errors=errors,
    )


@blueprint.post("/account/vouching")
@limiter.limit(WRITING)
def ask() -> ResponseReturnValue:
    """Send the liaisons their message."""
    try:
        perform(ask_to_vouch, by=require_person(), at=now())
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    else:
        flash(gettext("Your liaison is told and can vouch for you now."), "success")
    return redirect(url_for("eligibility.vouching"))
