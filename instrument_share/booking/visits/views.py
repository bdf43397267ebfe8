"""Pages of a visit: its form, the ticks on its tasks, and a facility's own list of tasks."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import InvalidInput
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.models import Person
from ..models import Booking
from ..slot_form import form_errors
from . import queries, services
from .forms import form_of, plan_from, rows_of, with_more_rows
from .labels import PHASES, ROLES, country_choices
from .rules import MOST_VISITORS, SHIPPED_TASKS
from .task_lists import lists_from, typed_lists

blueprint = Blueprint("visits", __name__)


@blueprint.route("/bookings/<reference>/visit", methods=["GET", "POST"])
def enter(reference: str) -> ResponseReturnValue:
    """Who comes on a booking, and when."""
    person, at = require_person(), now()
    booking = queries.on_site_booking(person, reference)
    if request.method == "GET":
        return _form(booking, person, form_of(queries.visit_of(booking), booking))
    if "more" in request.form:
        return _form(booking, person, with_more_rows(request.form.to_dict()))
    try:
        perform(services.enter_visit, reference, plan_from(request.form), by=person, at=at)
    except InvalidInput as refusal:
        return _form(booking, person, request.form, form_errors(refusal.fields)), refusal.status
    flash(gettext("The visit is saved."), "success")
    return redirect(url_for("booking.show", reference=reference) + "#visit")


@blueprint.post("/bookings/<reference>/visit/tasks/<int:task_id>")
def tick(reference: str, task_id: int) -> ResponseReturnValue:
    """A task is done, or not after all."""
    done = request.form.get("done") == "1"
    perform(services.tick, reference, task_id, done, by=require_person(), at=now())
    return redirect(url_for("booking.show", reference=reference) + "#visit")


@blueprint.route("/manage/facilities/<slug>/visit-tasks", methods=["GET", "POST"])
def tasks(slug: str) -> ResponseReturnValue:
    """The list of tasks that visits to a facility begin with."""
    person = require_person()
    facility = queries.facility_to_manage(person, slug)
    form: Mapping[str, str] = request.form
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            perform(services.write_tasks, slug, lists_from(form), by=person, at=now())
        except InvalidInput as refusal:
            errors = form_errors(refusal.fields)
        else:
            flash(
                gettext("The list is saved. Visits entered from now on begin with it."), "success"
            )
            return redirect(url_for("visits.tasks", slug=slug))
    else:
        form = typed_lists(queries.templates_of(facility.id))
    page = render_template(
        "booking/visits/tasks.html",
        facility=facility, form=form, errors=errors, phases=PHASES, shipped=SHIPPED_TASKS,
    )  # fmt: skip
    return page, 422 if errors else 200


def _form(
    booking: Booking,
    person: Person,
    form: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "booking/visits/form.html",
        booking=booking,
        form=form,
        rows=rows_of(form),
        most=MOST_VISITORS,
        countries=country_choices(),
        roles=[*ROLES.items()],
        may_change=queries.may_change(person, booking),
        errors=errors or {},
    )
