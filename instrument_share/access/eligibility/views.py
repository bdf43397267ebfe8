"""The page on which somebody asks their institution for its word."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import DomainError
from ...foundation.http.limits import WRITING, limiter
from ...foundation.transaction import perform
from ...identity.current import require_person
from .explanations import joining_url
from .vouching import ask_to_vouch, vouching_of

blueprint = Blueprint("eligibility", __name__)


@blueprint.get("/account/vouching")
def vouching() -> str:
    """Who is asked, and when they were asked last."""
    person = require_person()
    return render_template(
        "access/vouching.html",
        person=person,
        vouching=vouching_of(person, now()),
        joining_url=joining_url(),
    )


@blueprint.post("/account/vouching")
@limiter.limit(WRITING)
def ask() -> ResponseReturnValue:
    """Send the liaisons their message."""
    try:
        perform(ask_to_vouch, by=require_person(), at=now())
    except DomainError as refusal:
        flash(str(refusal.message), "error")
    else:
        flash(gettext("Your liaison is told and can vouch for you now."), "success")
    return redirect(url_for("eligibility.vouching"))
