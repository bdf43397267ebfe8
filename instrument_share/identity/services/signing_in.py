"""Signing in: the password is checked in the same time whether the account exists or not."""

from __future__ import annotations

from datetime import datetime

from ...foundation.database import db
from .. import audit
from ..errors import AccountSuspended, MailUnverified, WrongCredentials
from ..models import Person
from ..passwords import hash_password, is_outdated, password_fits
from ..queries import person_by_email
from ..sessions.services import close_session
from .signing_up import claim_mail_again


def sign_in(
    email: str, password: str, *, at: datetime
) -> Person | WrongCredentials | MailUnverified | AccountSuspended:
    """The person, or why they are not let in: returned, not raised, so that the trail of the attempt is kept.

    What is wrong is told only to somebody who knows the password.
    """
    person = person_by_email(email)
    if not password_fits(person.password_hash if person else None, password) or person is None:
        _note("sign_in.refused", person, at)
        return WrongCredentials()
    refusal = refusal_of(person, at=at)
    if refusal is not None:
        return refusal
    if is_outdated(person.password_hash):
        person.password_hash = hash_password(password)
    _note("sign_in.password" if person.second_factor_at else "sign_in", person, at)
    db.session.flush()
    return person


def refusal_of(person: Person, *, at: datetime) -> MailUnverified | AccountSuspended | None:
    """Why somebody who proved who they are is not let in all the same; a link is sent where that is what is missing."""
    if not person.is_active:
        _note("sign_in.suspended", person, at)
        return AccountSuspended()
    if person.mail_verified_at is None:
        claim_mail_again(person, at=at)
        return MailUnverified()
    return None


def signed_in(person: Person, *, at: datetime) -> None:
    """Note that somebody gave the second factor, too."""
    _note("sign_in", person, at)


def signed_out(person: Person, secret: str, *, at: datetime) -> None:
    """Somebody signed out: the session of this secret opens nothing any more."""
    close_session(secret, at=at)
    _note("sign_out", person, at)


def _note(what: str, person: Person | None, at: datetime) -> None:
    audit.record(
        what, "person", person.id if person else "unknown", by=person.id if person else None, at=at
    )
