"""Pages of letters: asking for one, issuing and revoking it, its PDF, and the public page that checks a code."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...files.http import send_stored
from ...foundation.clock import now
from ...foundation.documents.typeset import MEDIA_TYPE
from ...foundation.errors import Refusal
from ...foundation.http.limits import CODES, limiter
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from ..queries import booking_for
from ..views.pages import booking_page
from . import queries, services
from .addresses import verify_address
from .document import pages
from .models import Letter
from .schemas import RevokeForm
from .shown import verified

blueprint = Blueprint("letters", __name__)


@blueprint.get("/letters/verify")
@limiter.limit(CODES)
def verify() -> ResponseReturnValue:
    """Whether a letter is genuine, for anybody who holds its code; no more than that needs."""
    code = request.args.get("code", "")
    letter = queries.letter_by_code(code) if code else None
    page = render_template(
        "booking/letters/verify.html", code=code[:60], letter=verified(letter) if letter else None
    )
    return page, 404 if code and letter is None else 200


@blueprint.post("/bookings/<reference>/letter")
def ask(reference: str) -> ResponseReturnValue:
    """The applicant asks for a letter."""
    return _done(
        reference,
        gettext(
            "The international office is asked for the letter. You are told when it is issued."
        ),
        services.ask_for_letter,
        request.form.get("languages", ""),
    )


@blueprint.post("/bookings/<reference>/letters")
def issue(reference: str) -> ResponseReturnValue:
    """The international office issues the letter."""
    answer = _done(
        reference,
        gettext("The letter is issued. The applicant is told."),
        services.issue_letter,
        verify_address(),
    )
    _keep(reference)
    return answer


@blueprint.post("/bookings/<reference>/letters/<number>/revoke")
def revoke(reference: str, number: str) -> ResponseReturnValue:
    """The international office takes the letter back."""
    reason = load(RevokeForm(), request.form)["reason"]
    done = gettext("The letter is revoked. The applicant is told.")
    return _done(reference, done, services.revoke_letter, number, reason)


@blueprint.get("/bookings/<reference>/letters/<number>.pdf")
def read(reference: str, number: str) -> Response:
    """The letter as PDF."""
    return pdf_of(queries.letter_on(require_person(), reference, number))


def pdf_of(letter: Letter) -> Response:
    """The kept PDF; where it has not been made yet, the same bytes made now."""
    if letter.file is not None:
        return send_stored(letter.file)
    answer = Response(pages(letter), content_type=MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{letter.number}.pdf")
    return answer


def _keep(reference: str) -> None:
    """Make the PDF of what was just issued, outside the transaction that numbered it."""
    letters = queries.letters_of(booking_for(require_person(), reference))
    if letters and letters[0].file_id is None:
        perform(services.keep_pages, letters[0], at=now())


def _done(reference: str, said: str, service: object, *args: object) -> ResponseReturnValue:
    person, at = require_person(), now()
    try:
        perform(service, reference, *args, by=person, at=at)  # type: ignore[arg-type]
    except Refusal as refusal:
        return booking_page(booking_for(person, reference), person, at, refusal)
    flash(said, "success")
    return redirect(url_for("booking.show", reference=reference) + "#visit")
