"""What changes about training: sessions, places, results and qualifications."""

from __future__ import annotations

from .marking import mark
from .offering import cancel_session, move_session, offer_session
from .places import give_up, request_place
from .qualifications import (
    grant_qualification,
    note_supervised_use,
    revoke_qualification,
    set_demands,
)

__all__ = [
    "cancel_session",
    "give_up",
    "grant_qualification",
    "mark",
    "move_session",
    "note_supervised_use",
    "offer_session",
    "request_place",
    "revoke_qualification",
    "set_demands",
]
