"""Who takes their data along, or erases an account, shows first that it is they who ask."""

from __future__ import annotations

from datetime import datetime

from ...foundation.errors import DomainError
from .. import audit
from ..models import Person
from ..second_factor import services as second_factor
from ..services.accounts import doubt_about_password


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
    return doubt_about_password(person, password) or second_factor.check(person, code, at=at)
