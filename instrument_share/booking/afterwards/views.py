"""Pages after a use: thanks, feedback, results; and one's record with its disputes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import InvalidInput, Refusal
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.acting import actor_of
from ...identity.current import require_person
from ...identity.rules import Permission, scopes_held
from . import credit as records
from . import queries, services
from .acknowledgement import acknowledgements_of
from .labels import BREACHES, MARKS, QUESTIONS, VERDICTS
from .rules import Verdict
from .schemas import ContestForm, FeedbackForm, PaperForm, ResultsForm, VerdictForm

blueprint = Blueprint("afterwards", __name__)


@blueprint.get("/bookings/<reference>/afterwards")
def show(reference: str) -> ResponseReturnValue:
    return _page(reference)


@blueprint.post("/bookings/<reference>/feedback")
def feedback(reference: str) -> ResponseReturnValue:
    def give() -> str:
        marks = load(FeedbackForm(), request.form)
        perform(services.give_feedback, reference, marks, by=require_person(), at=now())
        return gettext("Thank you. The people in charge can read it now.")

    return _done(reference, give)


@blueprint.post("/bookings/<reference>/publications")
def publish(reference: str) -> ResponseReturnValue:
    def report() -> str:
        paper = load(PaperForm(), request.form)
        perform(services.report_publication, reference, paper, by=require_person(), at=now())
        return gettext("The publication is reported. Congratulations!")

    return _done(reference, report)


@blueprint.post("/bookings/<reference>/results")
def results(reference: str) -> ResponseReturnValue:
    def report() -> str:
        said = load(ResultsForm(), request.form)
        perform(services.report_results, reference, said["results"], by=require_person(), at=now())
        return gettext("Your results are reported.")

    return _done(reference, report)


def _done(reference: str, act: Callable[[], str]) -> ResponseReturnValue:
    """Do what a form says; where it is refused, the page comes back with everything typed."""
    try:
        flash(act(), "success")
    except Refusal as refusal:
        return _page(reference, request.form, refusal)
    return redirect(url_for("afterwards.show", reference=reference))


def _page(
    reference: str, form: Mapping[str, str] | None = None, refusal: Refusal | None = None
) -> ResponseReturnValue:
    found = queries.afterwards_of(require_person(), reference)
    page = render_template(
        "booking/afterwards/afterwards.html",
        found=found,
        booking=found.booking,
        thanks=acknowledgements_of(found.booking),
        questions=QUESTIONS,
        marks=[(str(mark), str(label)) for mark, label in MARKS.items()],
        form=form or {},
        errors=refusal.by_field if refusal else {},
    )
    return page, refusal.status if refusal else 200


@blueprint.get("/account/credit")
def credit() -> str:
    """The reader's own record, and for a liaison that of the institution."""
    person, at = require_person(), now()
    reach = scopes_held(actor_of(person), Permission.SEE_INSTITUTION_CREDIT, "payer")
    ours = next((key for key in reach.ids("institution") if key == person.institution_id), None)
    return render_template(
        "booking/afterwards/credit.html",
        own=queries.credit_of(person, at),
        institution=queries.credit_of_institution(ours, at) if ours else None,
        breaches=BREACHES,
        verdicts=VERDICTS,
    )


@blueprint.get("/account/credit/<int:entry_id>")
def entry(entry_id: int) -> ResponseReturnValue:
    return _entry_page(entry_id)


@blueprint.post("/account/credit/<int:entry_id>/contest")
def contest(entry_id: int) -> ResponseReturnValue:
    try:
        said = load(ContestForm(), request.form)
        perform(records.contest, entry_id, said["reason"], by=require_person(), at=now())
    except InvalidInput as refusal:
        return _entry_page(entry_id, refusal)
    flash(gettext("Your objection is sent to the facility."), "success")
    return redirect(url_for("afterwards.entry", entry_id=entry_id))


@blueprint.post("/account/credit/<int:entry_id>/decide")
def decide(entry_id: int) -> ResponseReturnValue:
    try:
        said = load(VerdictForm(), request.form)
        verdict = Verdict(said["verdict"])
        perform(records.decide, entry_id, verdict, said["answer"], by=require_person(), at=now())
    except InvalidInput as refusal:
        return _entry_page(entry_id, refusal)
    flash(gettext("Decided. The person is told."), "success")
    return redirect(url_for("afterwards.entry", entry_id=entry_id))


def _entry_page(entry_id: int, refusal: Refusal | None = None) -> ResponseReturnValue:
    person = require_person()
    found = queries.entry_for(person, entry_id)
    page = render_template(
        "booking/afterwards/entry.html",
        entry=found,
        decides=queries.may_decide_on(person, found) and found.is_open,
        contests=found.person_id == person.id and found.contested_at is None and found.counts,
        breaches=BREACHES,
        verdicts=VERDICTS,
        choices=[(str(verdict), str(label)) for verdict, label in VERDICTS.items()],
        form=request.form,
        errors=refusal.by_field if refusal else {},
    )
    return page, refusal.status if refusal else 200
