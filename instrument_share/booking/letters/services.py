"""Asking for a letter of invitation, issuing it, revoking it."""

from __future__ import annotations

import io
from datetime import datetime

from sqlalchemy import update
from werkzeug.datastructures import FileStorage

from ...catalogue.rules import AccessMode
from ...files.services import keep_file
from ...foundation.clock import zone
from ...foundation.database import db, refer
from ...foundation.documents.letters_in_fonts import not_printable
from ...foundation.errors import InvalidInput, NotFound
from ...identity import audit
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, may
from ..happenings import Happening, tell_of
from ..models import Booking
from ..queries import subject_of
from ..rules import Action, State
from ..visits.models import Visit
from ..visits.queries import may_issue, on_site_booking, visit_of
from .document import pages, printed_texts
from .errors import LetterOver, NotAsked, NotConfirmed, NotPrintable, NoVisit
from .models import Letter
from .queries import letter_on, next_serial
from .rules import LANGUAGES, Standing, new_code, number_of, standing_of
from .snapshot import digest_of, snapshot_of

#: Bookings whose visitors may still need a letter.
_INVITING = frozenset({State.CONFIRMED, State.IN_USE})
#: What ends the booking that a letter confirms.
_ENDING = frozenset({Action.CANCEL, Action.WITHDRAW, Action.REJECT, Action.EXPIRE})


def ask_for_letter(reference: str, languages: str, *, by: Person, at: datetime) -> Visit:
    """The applicant wants a letter in these languages (`rules.LANGUAGES`); the international office is told.

    Raises NotFound, NotConfirmed, NoVisit and InvalidInput.
    """
    booking = on_site_booking(by, reference, to_change=True)
    if not may(actor_of(by), Permission.EDIT_BOOKING, subject_of(booking)):
        raise NotFound()
    visit = _inviting(booking)
    if languages not in LANGUAGES:
        raise InvalidInput(fields={"languages": "en, zh-Hans+en, ar+en, ru+en"})
    visit.letter_languages, visit.letter_asked_at, visit.changed_at = languages, at, at
    audit.record("letter.ask", "booking", reference, by=by.id, at=at, languages=languages)
    tell_of(booking, Happening.LETTER_ASKED, by=by, at=at)
    db.session.flush()
    return visit


def issue_letter(reference: str, verify_at: str, *, by: Person, at: datetime) -> Letter:
    """Issue the letter that was asked for, from the booking and the visit as they are; it supersedes the one before.

    `verify_at` is the address of the page that checks its code. Raises NotFound, NotConfirmed, NoVisit, NotAsked, and
    NotPrintable for letters that no font has.
    """
    booking = on_site_booking(by, reference, to_change=True)
    if not may_issue(by, booking):
        raise NotFound()
    visit = _inviting(booking)
    if visit.letter_languages is None:
        raise NotAsked()
    letter = _written(visit, visit.letter_languages, verify_at, by, at)
    missing = not_printable(printed_texts(letter.snapshot))
    if missing:
        raise NotPrintable(missing)
    _end_standing(booking, superseded_at=at)
    db.session.add(letter)
    visit.letter_asked_at = None
    audit.record(
        "letter.issue", "letter", letter.number, by=by.id, at=at, booking=reference,
        digest=letter.digest,
    )  # fmt: skip
    tell_of(booking, Happening.LETTER_ISSUED, by=by, at=at, detail=letter.number)
    db.session.flush()
    return letter


def revoke_letter(reference: str, number: str, reason: str, *, by: Person, at: datetime) -> Letter:
    """Take a letter back: from now on the page that checks it says so. The applicant is told the reason.

    Raises NotFound and LetterOver.
    """
    letter = letter_on(by, reference, number, to_change=True)
    if not may_issue(by, letter.booking):
        raise NotFound()
    if standing_of(letter.superseded_at, letter.revoked_at) is not Standing.VALID:
        raise LetterOver()
    letter.revoked_at, letter.revoked_by_id = at, by.id
    audit.record("letter.revoke", "letter", number, by=by.id, at=at, booking=reference)
    tell_of(letter.booking, Happening.LETTER_REVOKED, by=by, at=at, detail=number, comment=reason)
    db.session.flush()
    return letter


def keep_pages(letter: Letter, *, at: datetime) -> None:
    """Make the letter's PDF once and keep it, so that every copy is the same, whatever the program becomes.

    Two who issue it and ask for it make it one after the other.
    """
    db.session.refresh(letter, ["file_id"], with_for_update={"key_share": True})
    if letter.file_id is None:
        content = FileStorage(io.BytesIO(pages(letter)), filename=f"{letter.number}.pdf")
        letter.file = keep_file(content, by=letter.issued_by, at=at)
        db.session.flush()


def end_letters_of(booking: Booking, action: Action, by: Person | None, at: datetime) -> None:
    """A booking that does not take place invites nobody: its letter is revoked with it."""
    if action in _ENDING and booking.access_mode == AccessMode.ON_SITE:
        _end_standing(booking, revoked_at=at, revoked_by_id=by.id if by else None)


def _inviting(booking: Booking) -> Visit:
    if booking.state not in _INVITING:
        raise NotConfirmed()
    visit = visit_of(booking)
    if visit is None or not visit.visitors:
        raise NoVisit()
    return visit


def _written(visit: Visit, languages: str, verify_at: str, by: Person, at: datetime) -> Letter:
    booking = visit.booking
    host = booking.instrument.facility.host
    year = at.astimezone(zone(booking.time_zone)).year
    serial = next_serial(host, year)
    number = number_of(host.slug, year, serial)
    snapshot = snapshot_of(visit, number, languages, verify_at, by=by, at=at)
    letter = Letter(
        number=number,
        code=new_code(),
        host=host,
        year=year,
        serial=serial,
        languages=languages,
        snapshot=snapshot,
        digest=digest_of(snapshot),
        issued_at=at,
        issued_by=by,
    )
    return refer(letter, booking=booking)


def _end_standing(booking: Booking, **how: object) -> None:
    db.session.execute(
        update(Letter)
        .where(
            Letter.booking_id == booking.id,
            Letter.superseded_at.is_(None),
            Letter.revoked_at.is_(None),
        )
        .values(**how)
    )
