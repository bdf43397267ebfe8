"""Pages of screening: a person's own answers, and what the office decides and asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import ValidationError

from ...files.http import send_stored, takes_files
from ...foundation.clock import now
from ...foundation.errors import Forbidden, NotFound, Refusal
from ...foundation.http.conditional import version_sent
from ...foundation.http.limits import WRITING, limiter
from ...foundation.transaction import perform
from ...identity.current import require_person
from . import forms, queries, services
from .labels import CLASS_NAMES, EVIDENCE, STATES, TONES
from .models import Screening
from .queries import Checklist
from .rules import Question, ScreeningClass, State, needs_attention
from .shown import files_of, possible_decisions, sheet_of, standing_of

blueprint = Blueprint("screening", __name__)

_WORDS: dict[str, Any] = {
    "classes": CLASS_NAMES,
    "evidence_names": EVIDENCE,
    "states": STATES,
    "tones": TONES,
}


@blueprint.get("/screening")
def index() -> str:
    """The reader's own screenings."""
    person, today = require_person(), now().date()
    return render_template(
        "access/screening/index.html",
        rows=[(row, standing_of(row, today)) for row in queries.screenings_of(person)],
        decides=queries.has_an_office(person),
        **_WORDS,
    )


@blueprint.route("/screening/<host>/<screening_class>", methods=["GET", "POST"])
@limiter.limit(WRITING, methods=["POST"])
@takes_files
def form(host: str, screening_class: str) -> ResponseReturnValue:
    """The questions that are open, beside what was answered already."""
    person, at = require_person(), now()
    institution, which = queries.host_and_class(host, screening_class)
    checklist = queries.checklist_of(institution, which)
    row = queries.screening_of(person, institution, which)
    if request.method == "GET":
        return _form(checklist, row, _kept(row), {})
    try:
        given = forms.answers_from(request.form, checklist.questions)
        files = forms.files_from(checklist.questions)
        saved = perform(services.answer, institution, which, given, files, by=person, at=at)
    except ValidationError as error:
        return _form(checklist, row, request.form, {"_form": error.messages[0]}), 422
    except Refusal as refusal:
        row = queries.screening_of(person, institution, which)
        return _form(checklist, row, request.form, refusal.fields), refusal.status
    flash(_said(saved), "success")
    return redirect(url_for("screening.form", host=host, screening_class=screening_class))


@blueprint.get("/screening/evidence/<key>")
def evidence(key: str) -> Response:
    """A file that came with an answer."""
    return send_stored(queries.evidence_for(require_person(), key))


@blueprint.get("/manage/screening")
def queue() -> str:
    """What waits for the reader's office, and the questions that it asks."""
    person, today = require_person(), now().date()
    if not queries.has_an_office(person):
        raise Forbidden()
    return render_template(
        "access/screening/queue.html",
        rows=[(row, standing_of(row, today)) for row in queries.queue_of(person)],
        checklists=queries.checklists_of(person),
        **_WORDS,
    )


@blueprint.route("/manage/screening/<int:screening_id>", methods=["GET", "POST"])
def decide(screening_id: int) -> ResponseReturnValue:
    """One person's answers, and the decision about them."""
    person = require_person()
    row = queries.screening_to_decide(screening_id, by=person)
    if request.method == "GET":
        return _decision_page(row, {})
    decision = request.form.get("do", "")
    try:
        version = version_sent()
        reason = request.form.get("reason", "")[:2000]
        perform(
            services.decide, screening_id, decision, reason,
            by=person, at=now(), version=version,
        )  # fmt: skip
    except Refusal as refusal:
        row = queries.screening_to_decide(screening_id, by=person)
        errors = refusal.by_field
        return _decision_page(row, errors), refusal.status
    flash(gettext("The decision is saved, and the person is told."), "success")
    return redirect(url_for("screening.queue"))


@blueprint.route("/manage/screening/<host>/<screening_class>", methods=["GET", "POST"])
def checklist(host: str, screening_class: str) -> ResponseReturnValue:
    """A host's questions; saving them makes a new version."""
    person = require_person()
    institution, which = queries.host_and_class(host, screening_class)
    if not queries.may_decide(person, institution, which):
        raise NotFound()
    current = queries.checklist_of(institution, which)
    if request.method == "GET":
        return _checklist_page(current, current.questions, {})
    written = forms.questions_from(request.form)
    try:
        perform(
            services.publish, institution, which, forms.checked(written),
            forms.months_from(request.form),
            by=person, at=now(), version=version_sent(),
        )  # fmt: skip
    except Refusal as refusal:
        errors = refusal.by_field
        return _checklist_page(current, written, errors), refusal.status
    flash(gettext("The new version is in force. People are asked what is new in it."), "success")
    return redirect(url_for("screening.checklist", host=host, screening_class=screening_class))


def _form(
    checklist: Checklist,
    row: Screening | None,
    form: Mapping[str, str],
    errors: Mapping[str, Any],
) -> str:
    today = now().date()
    return render_template(
        "access/screening/form.html",
        checklist=checklist,
        row=row,
        standing=standing_of(row, today) if row else None,
        sheet=sheet_of(checklist, row, today, afresh=bool(request.args.get("again"))),
        form=form,
        errors=errors,
        **_WORDS,
    )


def _decision_page(row: Screening, errors: Mapping[str, Any]) -> str:
    current = queries.checklist_of(row.institution, ScreeningClass(row.screening_class))
    return render_template(
        "access/screening/decision.html",
        row=row,
        standing=standing_of(row, now().date()),
        questions=current.questions,
        files=files_of(row),
        attention={each.key for each in needs_attention(current.questions, row.answers)},
        possible=possible_decisions(row),
        errors=errors,
        form=request.form,
        **_WORDS,
    )


def _checklist_page(
    current: Checklist, questions: Sequence[Question], errors: Mapping[str, Any]
) -> str:
    return render_template(
        "access/screening/checklist.html",
        checklist=current,
        questions=questions,
        languages=forms.LANGUAGES,
        errors=errors,
        form=request.form,
        **_WORDS,
    )


def _kept(row: Screening | None) -> dict[str, str]:
    """The form as it was answered before."""
    answers = row.answers if row else {}
    return {f"answer-{key}": each["answer"] for key, each in answers.items()} | {
        f"detail-{key}": each["detail"] for key, each in answers.items()
    }


def _said(row: Screening) -> str:
    if row.state == State.CLEARED:
        return gettext("Thank you. Nothing stands in the way; you can ask for time now.")
    return gettext("Thank you. The office looks at your answers and tells you by mail.")
