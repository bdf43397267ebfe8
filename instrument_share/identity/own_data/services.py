"""Who takes their data along, or erases an account, shows first that it is they who ask."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext

from ...foundation.errors import DomainError, InvalidInput
from .. import audit
from ..models import Person
from ..passwords import password_fits
from ..second_factor import services as second_factor


def note_export(
    person: Person, password: str, code: str | None, *, at: datetime
) -> DomainError | None:
    """Remember that the person takes a copy of their data along.

    Why they may not is returned, not raised, so that the count of wrong codes is kept.
    """
    doubt = doubt_about(person, password, code, at=at)
    if doubt is None:
        audit.record("account.export", "person", person.id, by=person.id, at=at)
    return doubt


def doubt_about(
    person: Person, password: str, code: str | None, *, at: datetime
) -> DomainError | None:
    """What is wrong with the password and the code of the second factor, each asked of whoever has one."""
    if person.password_hash and not password_fits(person.password_hash, password):
        return InvalidInput(fields={"password": lazy_gettext("This is not your present password.")})
    return second_factor.check(person, code, at=at)
