"""What this floor holds about a person: the state of their private calendars."""

from __future__ import annotations

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, delete

from ..foundation.database import db
from ..identity.own_data.registry import Erasure, Part, Rows, register
from .models import Calendar
from .rules import Secret


def connect() -> None:
    """Say what is held. Connecting again changes nothing."""
    register(_CALENDARS)


def _own(person_id: int) -> ColumnElement[bool]:
    return Calendar.key.in_([f"{secret}:{person_id}" for secret in Secret])


def _erase(erasure: Erasure) -> None:
    db.session.execute(delete(Calendar).where(_own(erasure.person.id)))


_CALENDARS = Part(
    "calendars",
    lazy_gettext("Calendars"),
    lazy_gettext("When your private calendars changed. Their addresses are secrets and left out."),
    (Rows("calendars", Calendar.key, where=_own),),
    goes=lazy_gettext("Private calendars: their addresses open nothing any more."),
    erase=_erase,
)
