"""Pages of access: the agreements that a person may see, and what is left of their quota."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ..foundation.clock import now
from ..foundation.errors import NotFound
from ..foundation.http.schema import load
from ..foundation.transaction import perform
from ..identity.current import require_person
from . import presentation, queries, services
from .quota_left import minutes_left
from .schemas import VersionForm

blueprint = Blueprint("access", __name__)

_STEPS = {
    "activate": services.activate_agreement,
    "suspend": services.suspend_agreement,
    "end": services.end_agreement,
}


@blueprint.get("/agreements")
def agreements() -> str:
    """The agreements that the reader's institutions are part of."""
    found = queries.agreements_of(require_person())
    left = minutes_left([agreement.id for agreement in found], now().year)
    return render_template(
        "access/agreements.html",
        rows=[presentation.row(agreement, left.get(agreement.id)) for agreement in found],
    )


@blueprint.get("/agreements/<reference>")
def agreement(reference: str) -> str:
    """One agreement: who, what, until when, and what is left of this year's quota."""
    person, year = require_person(), now().year
    shown = queries.agreement_of(person, reference)
    left = minutes_left([shown.id], year).get(shown.id)
    return render_template(
        "access/agreement.html",
        agreement=shown,
        facilities=queries.facilities_of(shown),
        facts=presentation.facts(shown),
        quota=presentation.quota(shown, left, year),
        steps=presentation.steps(shown) if queries.may_manage(person, shown) else [],
    )


@blueprint.post("/agreements/<reference>/<step>")
def move_agreement(reference: str, step: str) -> ResponseReturnValue:
    """Activate, suspend or end an agreement."""
    person = require_person()
    if step not in _STEPS:
        raise NotFound()
    version = load(VersionForm(), {"version": request.form.get("version", "")})["version"]
    perform(_STEPS[step], reference, by=person, at=now(), version=version)
    flash(gettext("The agreement is changed."), "success")
    return redirect(url_for("access.agreement", reference=reference))
