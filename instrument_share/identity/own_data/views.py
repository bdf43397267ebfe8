"""All that is held about me, as one file; and my account, erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import DomainError, NotFound
from ...foundation.http.limits import SIGN_IN, limiter
from ...foundation.transaction import check_not_only_reading, perform
from ..current import require_person
from ..models import Person
from ..sessions import cookie
from . import erasing, services
from .archive import archive_of
from .errors import ErasureHindered
from .registry import parts

blueprint = Blueprint("own_data", __name__)


@blueprint.get("/account/data")
def index() -> ResponseReturnValue:
    """What is held about me, and the button that gives it."""
    return _page(require_person())


@blueprint.post("/account/data")
@limiter.limit(SIGN_IN)
def export() -> ResponseReturnValue:
    """The archive, after the password and the code."""
    person = require_person()
    check_not_only_reading()
    form = request.form
    at = now()
    doubt = perform(
        services.note_export, person, form.get("password", ""), form.get("otp", "").strip(), at=at
    )
    if doubt is not None:
        return _page(person, doubt)
    answer: Response = send_file(
        archive_of(person, at=at),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"my-data-{at:%Y-%m-%d}.zip",
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.route("/account/data/erase", methods=["GET", "POST"])
@limiter.limit(SIGN_IN, methods=["POST"])
def erase() -> ResponseReturnValue:
    """What goes, what stays and what stands in the way; then the end of the account."""
    person = require_person()
    check_not_only_reading()
    if request.method == "GET":
        return _erasure_page(person, person)
    faults = _faults(person, reason=None)
    if faults:
        return _erasure_page(person, person, faults, 422)
    try:
        perform(erasing.erase, person.id, by=person, at=now())
    except ErasureHindered as refusal:
        return _erasure_page(person, person, {}, refusal.status)
    cookie.renew()
    flash(gettext("Your account is erased. Thank you for having worked here."), "success")
    return redirect(url_for("catalogue.search"))


@blueprint.route("/manage/people/<int:person_id>/erase", methods=["GET", "POST"])
@limiter.limit(SIGN_IN, methods=["POST"])
def erase_other(person_id: int) -> ResponseReturnValue:
    """The account of somebody who asked for it in writing."""
    by = require_person()
    person = erasing.erasable(person_id, by)
    if person.id == by.id:
        raise NotFound()
    if request.method == "GET":
        return _erasure_page(person, by)
    reason = request.form.get("reason", "").strip()[:500]
    faults = _faults(by, reason=reason)
    if faults:
        return _erasure_page(person, by, faults, 422)
    try:
        perform(erasing.erase, person.id, by=by, at=now(), reason=reason)
    except ErasureHindered as refusal:
        return _erasure_page(person, by, {}, refusal.status)
    flash(gettext("The account is erased, and that stands in the audit trail."), "success")
    return redirect(url_for("identity.people"))


def _faults(by: Person, *, reason: str | None) -> dict[str, Any]:
    """What is wrong with the typed word, the reason where one is needed, and the proof of who asks."""
    form = request.form
    faults: dict[str, Any] = {}
    if form.get("word", "").strip().casefold() != _word().casefold():
        faults["word"] = gettext("Type the word as it stands here: %(word)s", word=_word())
    if reason == "":
        faults["reason"] = gettext("Say who asked for it, how and when.")
    if not faults:
        doubt = perform(
            services.doubt_about,
            by,
            form.get("password", ""),
            form.get("otp", "").strip(),
            at=now(),
        )
        faults |= doubt.fields if doubt else {}
    return faults


def _word() -> str:
    """What is typed so that nobody erases an account by mistake."""
    return gettext("erase")


def _erasure_page(
    person: Person, by: Person, errors: Mapping[str, Any] = {}, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "identity/own_data/erase.html",
        person=person, by=by, parts=parts(), errors=errors, form=request.form, word=_word(),
        hindrances=erasing.hindrances_of(person, now()),
    )  # fmt: skip
    return page, status


def _page(person: Person, doubt: DomainError | None = None) -> ResponseReturnValue:
    page = render_template(
        "identity/own_data/index.html",
        person=person, parts=parts(), errors=doubt.fields if doubt else {},
    )  # fmt: skip
    return page, doubt.status if doubt else 200
