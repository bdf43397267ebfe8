"""A forgotten password: a link by mail, good for one hour and one use.

The link is signed over what the password was: as soon as it is another one, the link is void.
"""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from ...foundation.database import db
from ...foundation.identifiers import digest_of
from ...foundation.signals import password_changed, password_forgotten
from .. import audit
from ..errors import LinkExpired
from ..lockout import lock_out
from ..models import Person
from ..queries import person_by_email
from .accounts import set_password

#: How long the link in the mail works.
LINK_SECONDS = 3600


def ask_for_new_password(email: str, *, at: datetime) -> None:
    """Send the link to whoever has an account with this address; nobody is told whether there is one."""
    person = person_by_email(email)
    if person is None or not person.is_active:
        return
    secret = _links().dumps([person.id, _state(person)])
    password_forgotten.send(person, secret=secret, at=at)
    audit.record("account.forgot_password", "person", person.id, by=None, at=at)


def check_link(secret: str, *, to_change: bool = False) -> Person:
    """Whose link this is. Raises LinkExpired for one that is too old, was used, or is not ours."""
    try:
        person_id, state = _links().loads(secret, max_age=LINK_SECONDS)
    except (BadData, ValueError):
        raise LinkExpired() from None
    person = db.session.get(
        Person, person_id, with_for_update=to_change or None, populate_existing=to_change
    )
    if person is None or not person.is_active or state != _state(person):
        raise LinkExpired()
    return person


def set_forgotten_password(
    secret: str, wanted: str, *, at: datetime, addresses: bool = False
) -> Person:
    """Another password, by the link: every session and token of the account ends.

    So do its secret `addresses` where that is wanted. Raises LinkExpired, InvalidInput.
    """
    person = check_link(secret, to_change=True)
    set_password(person, wanted)
    ended = lock_out(person, by=person, at=at, addresses=addresses)
    audit.record(
        "account.password", "person", person.id, by=person.id, at=at, forgotten=True, **ended
    )
    password_changed.send(person, at=at)
    db.session.flush()
    return person


def _state(person: Person) -> str:
    """What no longer holds as soon as the password or the sessions are others."""
    return digest_of(f"{person.email} {person.session_serial} {person.password_hash}")[:24]


def _links() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="forgotten-password")
