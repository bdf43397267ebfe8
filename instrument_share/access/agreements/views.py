"""Pages of agreements: reading them and their use, writing, changing and renewing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import Forbidden, NotFound, Refusal
from ...foundation.http.conditional import version_sent
from ...foundation.languages import LANGUAGES
from ...foundation.transaction import perform
from ...identity.current import require_person
from ..quota_left import minutes_left
from ..shares.shown import of_agreement as shares_of_agreement
from . import choices, forms, queries, services
from .documents.shown import shown_documents
from .models import Agreement
from .shown import facts, form_words, is_editable, is_renewable, row, state_of, steps
from .use import use_of
from .use_shown import use_shown, year_now, years_of

blueprint = Blueprint("agreements", __name__)

_STEPS = {
    "activate": services.activate_agreement,
    "suspend": services.suspend_agreement,
    "end": services.end_agreement,
}


@blueprint.get("/agreements")
def index() -> str:
    """The agreements that the reader's institutions are part of."""
    person = require_person()
    found = queries.agreements_of(person)
    left = minutes_left([agreement.id for agreement in found], now().year)
    return render_template(
        "access/agreements/index.html",
        rows=[row(agreement, left.get(agreement.id)) for agreement in found],
        may_write=choices.may_write_any(person),
    )


@blueprint.get("/agreements/<reference>")
def show(reference: str) -> str:
    """One agreement: who, what, until when, and how a year's quota is used."""
    person, today = require_person(), now().date()
    shown = queries.agreement_of(person, reference)
    years = years_of(shown, today)
    year = request.args.get("year", type=int)
    year = year if year in years else year_now(shown, today)
    may_manage = queries.may_manage(person, shown)
    return render_template(
        "access/agreements/agreement.html",
        agreement=shown,
        state=state_of(shown),
        facilities=queries.facilities_of(shown),
        facts=facts(shown),
        year=year,
        years=years,
        use=use_shown(shown, use_of(shown, year), year, today),
        may_manage=may_manage,
        shares=shares_of_agreement(shown, queries.facilities_of(shown), year),
        documents=shown_documents(shown, person),
        may_change=may_manage and is_editable(shown),
        may_renew=may_manage and is_renewable(shown),
        steps=steps(shown) if may_manage else [],
    )


@blueprint.route("/agreements/new", methods=["GET", "POST"])
def write() -> ResponseReturnValue:
    """Write an agreement down as a draft."""
    person = require_person()

    def save() -> Agreement:
        draft = forms.draft_from(request.form)
        return perform(services.create_agreement, draft, by=person, at=now())

    return _form(gettext("New agreement"), {}, save)


@blueprint.route("/agreements/<reference>/edit", methods=["GET", "POST"])
def change(reference: str) -> ResponseReturnValue:
    """Write an agreement anew."""
    person = require_person()
    shown = _managed(reference)

    def save() -> Agreement:
        return perform(
            services.change_agreement, reference, forms.draft_from(request.form),
            by=person, at=now(), version=version_sent(),
        )  # fmt: skip

    return _form(gettext("Change the agreement"), forms.values_of(shown), save, shown)


@blueprint.route("/agreements/<reference>/renew", methods=["GET", "POST"])
def renew(reference: str) -> ResponseReturnValue:
    """Write the agreement that follows another."""
    person = require_person()
    shown = _managed(reference)

    def save() -> Agreement:
        draft = forms.draft_from(request.form, predecessor=reference)
        return perform(services.create_agreement, draft, by=person, at=now())

    return _form(gettext("Renew the agreement"), forms.values_of_renewal(shown), save, shown)


@blueprint.post("/agreements/<reference>/<step>")
def move(reference: str, step: str) -> ResponseReturnValue:
    """Activate, suspend or end an agreement."""
    person = require_person()
    if step not in _STEPS:
        raise NotFound()
    perform(_STEPS[step], reference, by=person, at=now(), version=version_sent())
    flash(gettext("The agreement is changed."), "success")
    return redirect(url_for("agreements.show", reference=reference))


def _managed(reference: str) -> Agreement:
    person = require_person()
    found = queries.agreement_of(person, reference)
    if not queries.may_manage(person, found):
        raise Forbidden()
    return found


def _form(
    title: str,
    values: dict[str, Any],
    save: Callable[[], Agreement],
    about: Agreement | None = None,
) -> ResponseReturnValue:
    """The empty form; or the saved agreement; or the form as it was typed, with what is wrong."""
    if request.method == "GET":
        return _page(title, values, {}, about)
    values = forms.typed(request.form)
    if "more" in request.form:
        return _page(title, values, {}, about, more=True)
    try:
        saved = save()
    except Refusal as refusal:
        return _page(title, values, _errors(refusal), about), refusal.status
    flash(gettext("It is saved."), "success")
    return redirect(url_for("agreements.show", reference=saved.reference))


def _errors(refusal: Refusal) -> Mapping[str, Any]:
    """Faults of fields that the form has several controls for are shown at the first of them."""
    found: dict[str, Any] = refusal.by_field
    first = f"title_{LANGUAGES[0].tag}"
    return {first if name == "titles" else name: text for name, text in found.items()}


def _page(
    title: str,
    values: dict[str, Any],
    errors: Mapping[str, Any],
    about: Agreement | None,
    *,
    more: bool = False,
) -> str:
    return render_template(
        "access/agreements/form.html",
        title=title,
        values=values,
        errors=errors,
        about=about,
        version=request.form.get("version") or (about.version if about else ""),
        choices=choices.choices_for(require_person()),
        partner_rows=forms.partner_rows(values, more=more),
        **form_words(),
    )
