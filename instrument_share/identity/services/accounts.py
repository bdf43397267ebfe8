"""Accounts as such: made by whoever runs the site, kept up to date by their owners."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import lazy_gettext
from sqlalchemy import select

from ...foundation.database import db
from ...foundation.errors import InvalidInput
from ...foundation.signals import password_changed
from .. import audit
from ..common_passwords import TOO_OWN, is_about
from ..errors import OrcidTaken
from ..lockout import lock_out
from ..models import Institution, Person
from ..passwords import hash_password, password_fits
from ..queries import person_by_email
from ..rules import Verification
from ..turns import take_turn
from ..values import Profile

_OF_THE_SITE = "instrument share"


def create_account(
    email: str,
    password: str | None,
    display_name: str,
    *,
    at: datetime,
    institution: Institution | None = None,
    language: str = "en",
    time_zone: str = "UTC",
    latin_name: str = "",
    orcid: str | None = None,
    verified: bool = True,
) -> Person:
    """An account for somebody who is known: vouched for, with a proved mailbox unless `verified` is False.

    Without a password nobody can sign in to it.
    Raises InvalidInput where the mail address has an account already, OrcidTaken.
    """
    if person_by_email(email) is not None:
        raise InvalidInput(
            fields={"email": lazy_gettext("This e-mail address has an account already.")}
        )
    check_orcid_free(orcid)
    person = Person(
        email=email.strip().lower(), display_name=display_name,
        password_hash=hash_password(password) if password else "",
        latin_name=latin_name, language=language, time_zone=time_zone, orcid=orcid,
        institution=institution, created_at=at, mail_verified_at=at if verified else None,
        verification=Verification.VOUCHED if verified else Verification.UNVERIFIED,
    )  # fmt: skip
    db.session.add(person)
    db.session.flush()
    audit.record("account.create", "person", person.id, by=None, at=at)
    return person


def change_profile(person: Person, profile: Profile, *, at: datetime) -> None:
    """People say who they are, which language they read and on which clock they live. Raises OrcidTaken."""
    if profile.orcid != person.orcid:
        check_orcid_free(profile.orcid)
    person.display_name, person.latin_name = profile.display_name, profile.latin_name
    person.language, person.time_zone = profile.language, profile.time_zone
    person.orcid = profile.orcid
    if profile.desk_keys is not None:
        person.desk_keys = profile.desk_keys
    audit.record("account.change", "person", person.id, by=person.id, at=at)
    db.session.flush()


def change_password(
    person: Person,
    present: str,
    wanted: str,
    *,
    at: datetime,
    others_out: bool = True,
    addresses: bool = False,
) -> None:
    """A new password. `others_out`: every session and token ends with it, and secret `addresses` where that is wanted.

    This session's cookie is renewed by the face. Raises InvalidInput where the present password is wrong, or the
    wanted one is about the person, and NotAuthenticated where they were signed out everywhere meanwhile.
    """
    take_turn(person)
    if not password_fits(person.password_hash, present):
        raise InvalidInput(fields={"present": lazy_gettext("This is not your present password.")})
    set_password(person, wanted)
    ended = lock_out(person, by=person, at=at, addresses=addresses) if others_out else {}
    audit.record("account.password", "person", person.id, by=person.id, at=at, **ended)
    password_changed.send(person, at=at)
    db.session.flush()


def doubt_about_password(person: Person, given: str) -> InvalidInput | None:
    """What is wrong with the password of somebody who is signed in: whoever sits at their desk does not know it.

    Nothing is asked of who has none.
    """
    if not person.password_hash or password_fits(person.password_hash, given):
        return None
    return InvalidInput(fields={"password": lazy_gettext("This is not your present password.")})


def set_password(person: Person, wanted: str) -> None:
    """Raises InvalidInput where it is about the person, or where they are at home."""
    home = person.institution.names.values() if person.institution else ()
    check_not_about(wanted, person.email, person.display_name, person.latin_name, *home)
    person.password_hash = hash_password(wanted)


def check_not_about(password: str, *own: str, field: str = "wanted") -> None:
    """Raises InvalidInput at the field where the password is little more than somebody's own name or address, or the
    site's.
    """
    host = urlsplit(current_app.config["SETTINGS"].base_url).hostname or ""
    if is_about(password, (*own, _OF_THE_SITE, host)):
        raise InvalidInput(fields={field: TOO_OWN})


def check_orcid_free(orcid: str | None) -> None:
    """Raises OrcidTaken where another account has this ORCID iD."""
    if orcid and not is_orcid_free(orcid):
        raise OrcidTaken(fields={"orcid": OrcidTaken.message})


def is_orcid_free(orcid: str) -> bool:
    return db.session.scalar(select(Person.id).where(Person.orcid == orcid)) is None
