"""Pages of projects: reading them, writing them, joining and leaving, and the time that is allocated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import Forbidden, Refusal
from ...foundation.http.conditional import version_sent
from ...foundation.http.schema import load
from ...foundation.languages import LANGUAGES
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.models import Person
from . import forms, queries, services, shown
from .models import Project
from .rules import CandidateKind, runs_on

blueprint = Blueprint("projects", __name__)


@blueprint.get("/projects")
def index() -> str:
    """The reader's projects, and the others that they may ask to join."""
    person = require_person()
    return render_template(
        "access/projects/index.html",
        own=[shown.row(each) for each in queries.projects_shown_to(person)],
        others=[shown.row(each) for each in queries.other_projects(person)],
        may_begin=shown.may_begin(person),
    )


@blueprint.get("/projects/<reference>")
def show(reference: str) -> str:
    """One project; its people and time only for those inside."""
    return _project(queries.project_of(reference), {}, {})


@blueprint.route("/projects/new", methods=["GET", "POST"])
def write() -> ResponseReturnValue:
    """Begin a project."""
    person = require_person()
    if not shown.may_begin(person):
        raise Forbidden()

    def save() -> Project:
        draft = forms.draft_from(request.form)
        return perform(services.create_project, draft, by=person, at=now())

    return _form(gettext("New project"), {}, save)


@blueprint.route("/projects/<reference>/edit", methods=["GET", "POST"])
def change(reference: str) -> ResponseReturnValue:
    """Write a project anew."""
    person = require_person()
    project = queries.project_of(reference)
    if not queries.standing_of(person, project).may_lead:
        raise Forbidden()

    def save() -> Project:
        return perform(
            services.change_project, reference, forms.draft_from(request.form),
            by=person, at=now(), version=version_sent(),
        )  # fmt: skip

    return _form(gettext("Change the project"), forms.values_of(project), save, project)


@blueprint.route("/projects/<reference>/join", methods=["GET", "POST"])
def join(reference: str) -> ResponseReturnValue:
    """Ask the lead for a place in the project."""
    person = require_person()
    project = queries.project_of(reference)
    if request.method == "GET":
        return _join_page(project, person, {})
    try:
        note = load(forms.NoteForm(), request.form)["note"]
        perform(services.ask_to_join, reference, note, by=person, at=now())
    except Refusal as refusal:
        return _join_page(project, person, refusal.by_field), refusal.status
    flash(gettext("The project's lead is told. You get an answer here and by mail."), "success")
    return redirect(url_for("projects.show", reference=reference))


def _join_page(project: Project, person: Person, errors: Mapping[str, Any]) -> str:
    return render_template(
        "access/projects/join.html",
        project=project,
        standing=queries.standing_of(person, project),
        is_over=not runs_on(project.ends_on, now().date()),
        values=request.form,
        errors=errors,
    )


@blueprint.post("/projects/<reference>/invitation/<any(accept, decline):answer>")
def answer(reference: str, answer: str) -> ResponseReturnValue:
    """Agree to take part in a project, or decline."""
    perform(
        services.answer_invitation, reference, answer == "accept", by=require_person(), at=now()
    )
    flash(gettext("Your answer is kept, and the lead is told."), "success")
    return redirect(url_for("projects.show", reference=reference))


@blueprint.post("/projects/<reference>/members")
def invite(reference: str) -> ResponseReturnValue:
    """Invite somebody by mail address."""

    def act() -> None:
        email = load(forms.InviteForm(), request.form)["email"]
        perform(services.invite, reference, email, by=require_person(), at=now())

    return _done(reference, act, gettext("The person is invited and has been told."), "#members")


@blueprint.post("/projects/<reference>/members/<int:person_id>/<any(accept, refuse, remove):what>")
def member(reference: str, person_id: int, what: str) -> ResponseReturnValue:
    """Take somebody in who asked, or not; or end somebody's part."""
    person, at = require_person(), now()

    def act() -> None:
        if what == "remove":
            perform(services.remove_member, reference, person_id, by=person, at=at)
        else:
            yes = what == "accept"
            perform(services.answer_request, reference, person_id, yes, by=person, at=at)

    return _done(reference, act, gettext("It is done, and the person has been told."), "#members")


@blueprint.post("/projects/<reference>/allocations")
def allocate(reference: str) -> ResponseReturnValue:
    """Give the project time for a period."""

    def act() -> None:
        draft = forms.allocation_from(request.form)
        perform(services.allocate, reference, draft, by=require_person(), at=now())

    return _done(reference, act, gettext("The time is allocated."), "#time")


@blueprint.post("/projects/<reference>/allocations/<int:allocation_id>")
def change_allocation(reference: str, allocation_id: int) -> ResponseReturnValue:
    """Raise or lower an allocation."""

    def act() -> None:
        perform(
            services.change_allocation, reference, allocation_id, forms.minutes_from(request.form),
            by=require_person(), at=now(),
        )  # fmt: skip

    return _done(reference, act, gettext("The time is allocated."), "#time")


def _done(reference: str, act: Callable[[], None], done: str, anchor: str) -> ResponseReturnValue:
    """Do it and go back to the page; or show the page with what is wrong."""
    try:
        act()
    except Refusal as refusal:
        errors = refusal.by_field
        page = _project(queries.project_of(reference), request.form, errors)
        return page, refusal.status
    flash(done, "success")
    return redirect(url_for("projects.show", reference=reference) + anchor)


def _project(project: Project, values: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    person = require_person()
    standing = queries.standing_of(person, project)
    inside = standing.is_inside
    return render_template(
        "access/projects/project.html",
        project=project,
        standing=standing,
        reader=person,
        is_over=not runs_on(project.ends_on, now().date()),
        facts=shown.facts(project, standing),
        allocations=shown.allocations_shown(project) if inside else [],
        facilities=shown.facility_choices(person) if standing.may_allocate else [],
        anywhere=shown.speaks_for_programme(person),
        asking=[it for it in project.candidates if it.kind == CandidateKind.ASKS],
        invited=[it for it in project.candidates if it.kind == CandidateKind.INVITED],
        values=values,
        errors=errors,
    )


def _form(
    title: str,
    values: dict[str, Any],
    save: Callable[[], Project],
    about: Project | None = None,
) -> ResponseReturnValue:
    """The form; or the saved project; or the form as it was typed, with what is wrong."""
    if request.method == "GET":
        return _form_page(title, values, {}, about)
    try:
        saved = save()
    except Refusal as refusal:
        errors = refusal.by_field
        if "titles" in errors:
            errors = {f"title_{LANGUAGES[0].tag}": errors.pop("titles"), **errors}
        return _form_page(title, request.form.to_dict(), errors, about), refusal.status
    flash(gettext("It is saved."), "success")
    return redirect(url_for("projects.show", reference=saved.reference))


def _form_page(
    title: str, values: Mapping[str, Any], errors: Mapping[str, Any], about: Project | None
) -> str:
    return render_template(
        "access/projects/form.html",
        title=title,
        values=values,
        errors=errors,
        about=about,
        version=request.form.get("version") or (about.version if about else ""),
        **shown.form_choices(require_person()),
    )
