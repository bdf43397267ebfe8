"""What notification writes when access tells something: plain messages with a page that they lead to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ..foundation.signals import vouching_asked
from ..identity.models import Person
from .rules import Kind
from .services import tell


def connect() -> None:
    vouching_asked.connect(_vouching_asked)


def _vouching_asked(person: Person, *, liaisons: Collection[int], at: datetime) -> None:
    names = {"applicant": person.display_name, "email": person.email}
    tell(
        dict.fromkeys(liaisons, Kind.VOUCHING_ASKED),
        {"path": "/manage/people", "names": names},
        booking_id=None,
        at=at,
    )
