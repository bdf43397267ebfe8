"""Pages of applications: an institution asks to take part, and somebody admits it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import Refusal
from ...foundation.http.conditional import version_sent
from ...foundation.http.limits import SIGN_IN, limiter
from ...foundation.http.show import country
from ...foundation.languages import LANGUAGES
from ...foundation.transaction import perform
from ..choices import zone_choices
from ..current import require_person
from ..rules import InstitutionKind
from . import queries, services
from .forms import NAMES, admission_from, application_from, country_codes, values_of
from .known import found_in_table, known_by_ror
from .labels import KINDS, STATES
from .models import InstitutionApplication

blueprint = Blueprint("applications", __name__)


@blueprint.route("/join/institution", methods=["GET", "POST"])
@limiter.limit(SIGN_IN, methods=["POST"])
def join() -> ResponseReturnValue:
    """Find the institution in the table (`?q=`), or say what it is; POST sends the application."""
    person = require_person()
    if request.method == "GET":
        known = known_by_ror(request.args.get("ror", ""))
        return _form_page(values_of(known), {})
    try:
        application = perform(services.apply, application_from(request.form), by=person, at=now())
    except Refusal as error:
        return _form_page(request.form, error.by_field), error.status
    flash(gettext("The application is sent. You get a mail when it is decided."), "success")
    return redirect(url_for("applications.show", reference=application.reference))


@blueprint.get("/join/institution/<reference>")
def show(reference: str) -> str:
    """What became of an application, for its applicant."""
    return _page(queries.application_for(require_person(), reference), {}, {})


@blueprint.get("/manage/institutions")
def index() -> str:
    """Applications that wait, and the latest decisions."""
    return render_template(
        "identity/applications/index.html",
        applications=queries.applications_for(require_person()),
        states=STATES,
    )


@blueprint.post("/manage/institutions/<reference>/<any(admit, decline):decision>")
def decide(reference: str, decision: str) -> ResponseReturnValue:
    """Admit an institution, or decline it with a reason."""
    person = require_person()
    try:
        version, (admission, comment) = version_sent(), admission_from(request.form)
        if decision == "admit":
            perform(services.admit, reference, admission, by=person, at=now(), version=version)
        else:
            perform(services.decline, reference, comment, by=person, at=now(), version=version)
    except Refusal as error:
        application = queries.application_for(person, reference)
        errors = error.by_field
        return _page(application, request.form, errors), error.status
    flash(gettext("The decision is made. The applicant is told by mail."), "success")
    return redirect(url_for("applications.index"))


def _form_page(form: Mapping[str, str], errors: Mapping[str, Any]) -> str:
    person, wanted = require_person(), request.args.get("q", "").strip()
    return render_template(
        "identity/applications/join.html",
        waiting=queries.waiting_of(person),
        wanted=wanted,
        found=found_in_table(wanted),
        names=[(field, each.tag, each.name) for field, each in zip(NAMES, LANGUAGES, strict=True)],
        countries=sorted(
            ((code, country(code)) for code in country_codes()), key=lambda each: each[1]
        ),
        zones=zone_choices(),
        form=form,
        errors=errors,
    )


def _page(
    application: InstitutionApplication, form: Mapping[str, str], errors: Mapping[str, Any]
) -> str:
    person = require_person()
    decides = queries.may_decide_on(person, application)
    return render_template(
        "identity/applications/show.html",
        application=application,
        state=STATES[application.state],
        decides=decides and application.state == "waiting",
        alike=queries.alike(application.ror, application.mail_domains) if decides else [],
        kinds=[(kind.value, KINDS[kind]) for kind in InstitutionKind],
        form=form,
        errors=errors,
    )
