"""Pages on which a liaison vouches for a list of people and takes back their word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from ...foundation.clock import now
from ...foundation.documents import comma_separated
from ...foundation.documents.sheet import Sheet
from ...foundation.errors import InvalidInput, Refusal
from ...foundation.http.limits import SIGN_IN, limiter
from ...foundation.http.schema import load
from ...foundation.http.show import localized
from ...foundation.transaction import perform
from ..current import require_person
from ..invitations.queries import own_institution, vouched_for_by
from ..models import Institution, Person
from . import services, standing
from .errors import FaultyList
from .forms import ListForm, ReasonForm
from .labels import DEEDS
from .queries import people_of
from .reading import COLUMNS, decoded, read_list
from .values import Deed, Planned

blueprint = Blueprint("vouching", __name__)


@dataclass(frozen=True, slots=True)
class _Step:
    """Something that a liaison does to somebody's standing, for a reason."""

    act: Callable[..., Person]
    title: LazyString
    text: LazyString
    hint: LazyString  # who reads the reason
    button: LazyString


_STEPS = {
    "withdraw": _Step(
        standing.withdraw_vouching,
        lazy_gettext("Withdraw your vouching for %(name)s"),
        lazy_gettext("They can ask for no more instrument time. What is booked stays."),
        lazy_gettext("They are told it, and it is kept in the audit trail."),
        lazy_gettext("Withdraw the vouching"),
    ),
    "suspend": _Step(
        standing.suspend_colleague,
        lazy_gettext("Suspend %(name)s"),
        lazy_gettext("They are signed out everywhere and cannot sign in. What is booked stays."),
        lazy_gettext("It is kept in the audit trail."),
        lazy_gettext("Suspend"),
    ),
}


@blueprint.route("/manage/people/list", methods=["GET", "POST"])
@limiter.limit(SIGN_IN, methods=["POST"])
def upload() -> ResponseReturnValue:
    """Choose a list, or change what was read of it; then see what would become of everybody on it."""
    person = require_person()
    if request.method == "GET":
        return _upload_page(person, {})
    given = load(ListForm(), request.form)
    institution = own_institution(person, given["institution"])
    try:
        text = _text_given(given["text"])
    except InvalidInput as error:
        return _upload_page(person, error.fields, given["text"]), error.status
    reading = read_list(text)
    if reading.faults:
        return _upload_page(person, {}, text, faults=reading.faults), FaultyList.status
    planned = services.plan(reading.lines, institution, now())
    return _upload_page(person, {}, text, planned=planned, institution=institution)


@blueprint.post("/manage/people/list/confirm")
@limiter.limit(SIGN_IN)
def confirm() -> ResponseReturnValue:
    """Do what was shown."""
    person = require_person()
    given = load(ListForm(), request.form)
    institution = own_institution(person, given["institution"])
    text = decoded(given["text"].encode())
    done = perform(services.vouch_for_all, text, institution, by=person, at=now())
    flash(_counted_in_words(done), "success")
    return redirect(url_for("identity.people"))


@blueprint.get("/manage/people/list.csv")
def download() -> Response:
    """The people of my institutions, to keep, or as a list to begin with."""
    own = vouched_for_by(require_person())
    sheet = Sheet("people", [*COLUMNS, "standing"], people_of(own))
    answer = Response(comma_separated.written(sheet), content_type=comma_separated.MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename="people.csv")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.route(
    "/manage/people/<int:person_id>/standing/<any(withdraw, suspend):what>",
    methods=["GET", "POST"],
)
def change_standing(person_id: int, what: str) -> ResponseReturnValue:
    """Take back one's word for somebody, or suspend them, and say why."""
    by, step = require_person(), _STEPS[what]
    person = standing.looked_after(person_id, by)
    if request.method == "GET":
        return _reason_page(person, step, {})
    try:
        reason = load(ReasonForm(), request.form)["reason"]
        perform(step.act, person_id, reason, by=by, at=now())
    except Refusal as error:
        return _reason_page(person, step, error.by_field), error.status
    flash(gettext("It is done, and stands in the audit trail."), "success")
    return redirect(url_for("identity.people"))


@blueprint.post("/manage/people/<int:person_id>/standing/reinstate")
def reinstate(person_id: int) -> ResponseReturnValue:
    """Open an account again that I suspended."""
    person = perform(standing.reinstate_colleague, person_id, by=require_person(), at=now())
    flash(gettext("The account of %(name)s is open again.", name=person.display_name), "success")
    return redirect(url_for("identity.people"))


def _text_given(typed: str) -> str:
    """The file that was chosen, or else what stands in the field."""
    file = request.files.get("people")
    content = file.read() if file and file.filename else typed.encode()
    if not content.strip():
        raise InvalidInput(fields={"people": lazy_gettext("Choose a file, or write the list.")})
    return decoded(content)


def _counted_in_words(done: list[Planned]) -> str:
    deeds = [each.deed for each in done]
    vouched, invited = deeds.count(Deed.VOUCH), deeds.count(Deed.INVITE)
    parts = (
        ngettext("%(num)s person is vouched for.", "%(num)s people are vouched for.", vouched),
        ngettext(
            "%(num)s person gets an invitation.", "%(num)s people get an invitation.", invited
        ),
    )
    return " ".join(parts)


def _upload_page(
    person: Person,
    errors: Mapping[str, Any],
    text: str = "",
    *,
    institution: Institution | None = None,
    **found: Any,
) -> str:
    own = vouched_for_by(person)
    return render_template(
        "identity/vouching/list.html",
        institutions=[(each.slug, localized(each.names)) for each in own],
        chosen=institution,
        columns=COLUMNS,
        deeds=DEEDS,
        text=text,
        errors=errors,
        **found,
    )


def _reason_page(person: Person, step: _Step, errors: Mapping[str, Any]) -> str:
    return render_template(
        "identity/vouching/standing.html",
        title=str(step.title) % {"name": person.display_name},
        step=step,
        form=request.form,
        errors=errors,
    )
