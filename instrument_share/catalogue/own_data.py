"""What this floor holds about a person: who closed instruments and added calendars."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..identity.own_data.registry import Part, Rows, register
from .models import OpeningException
from .outside.models import OutsideCalendar


def connect() -> None:
    """Say what is held. Connecting again changes nothing."""
    register(_CARE)


_CARE = Part(
    "instruments",
    lazy_gettext("Care of instruments"),
    lazy_gettext(
        "Closures and other times that you entered for instruments, and calendars that you added."
    ),
    (
        Rows("closures", OpeningException.created_by_id),
        Rows(
            "outside_calendars", OutsideCalendar.added_by_id,
            only=("instrument_id", "title", "added_at"),
        ),
    ),
    stays=lazy_gettext("Closures and other times of instruments."),
)  # fmt: skip
