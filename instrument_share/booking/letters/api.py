"""JSON calls of letters of invitation."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...foundation.errors import NotFound
from ...foundation.http.arguments import arguments
from ...foundation.http.limits import CODES, WRITING, limiter
from ...foundation.transaction import perform
from ...identity.current import require_person
from ..visits.queries import on_site_booking
from . import queries, services
from .addresses import verify_address
from .models import Letter
from .rules import standing_of
from .schemas import AskSchema, CodeQuery, LetterList, LetterSchema, VerifiedSchema
from .shown import Verified, verified
from .views import pdf_of

blueprint = Blueprint(
    "letters_api", __name__, url_prefix="/api/v1", description="Letters of invitation"
)


@blueprint.get("/letters/verify")
@limiter.limit(CODES)
@arguments(blueprint, CodeQuery, location="query")
@blueprint.response(200, VerifiedSchema)
def verify(query: dict[str, str]) -> Verified:
    """What the letter with this code states; 404 for a code that is none and for one that is unknown alike."""
    letter = queries.letter_by_code(query["code"])
    if letter is None:
        raise NotFound()
    return verified(letter)


@blueprint.get("/bookings/<reference>/letters")
@blueprint.response(200, LetterList)
def list_letters(reference: str) -> dict[str, Any]:
    """The letters of a booking, the newest first."""
    letters = queries.letters_of(on_site_booking(require_person(), reference))
    return {"items": [_letter_out(each, reference) for each in letters], "total": len(letters)}


@blueprint.post("/bookings/<reference>/letters/ask")
@limiter.limit(WRITING)
@arguments(blueprint, AskSchema)
@blueprint.response(204)
def ask(said: dict[str, str], reference: str) -> None:
    """Ask the international office for a letter."""
    person = require_person()
    perform(services.ask_for_letter, reference, said["languages"], by=person, at=now())


@blueprint.post("/bookings/<reference>/letters")
@limiter.limit(WRITING)
@blueprint.response(201, LetterSchema)
def issue(reference: str) -> dict[str, Any]:
    """Issue the letter that was asked for; it supersedes the one before."""
    person, at = require_person(), now()
    letter = perform(services.issue_letter, reference, verify_address(), by=person, at=at)
    perform(services.keep_pages, letter, at=at)
    return _letter_out(letter, reference)


@blueprint.get("/bookings/<reference>/letters/<number>.pdf")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_letter(reference: str, number: str) -> Response:
    """The letter as PDF."""
    return pdf_of(queries.letter_on(require_person(), reference, number))


def _letter_out(letter: Letter, reference: str) -> dict[str, Any]:
    return {
        "number": letter.number,
        "languages": letter.languages,
        "standing": standing_of(letter.superseded_at, letter.revoked_at),
        "issued_at": letter.issued_at,
        "digest": letter.digest,
        "url": url_for("letters_api.read_letter", reference=reference, number=letter.number),
    }
