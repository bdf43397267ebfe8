"""The words for levels, sessions and places."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext, lazy_pgettext

from ..rules import Level
from .rules import PlaceState, SessionState

#: What an instrument is blocked for while it is taken by one.
TRAINING = lazy_gettext("Training")

LEVELS: dict[str, LazyString] = {
    Level.NONE: lazy_gettext("No training needed"),
    Level.SUPERVISED: lazy_gettext("Use under supervision"),
    Level.INDEPENDENT: lazy_gettext("Use on one's own"),
}
SESSIONS: dict[str, LazyString] = {
    SessionState.OPEN: lazy_pgettext("training", "offered"),
    SessionState.HELD: lazy_gettext("held"),
    SessionState.CANCELLED: lazy_gettext("cancelled"),
}
PLACES: dict[str, LazyString] = {
    PlaceState.BOOKED: lazy_gettext("You have a place"),
    PlaceState.WAITING: lazy_gettext("on the waiting list"),
    PlaceState.GIVEN_UP: lazy_gettext("given up"),
    PlaceState.PASSED: lazy_gettext("passed"),
    PlaceState.FAILED: lazy_gettext("not passed"),
    PlaceState.ABSENT: lazy_gettext("did not come"),
}
#: The colour of a place's tag.
TONES = {
    PlaceState.BOOKED: "good",
    PlaceState.WAITING: "info",
    PlaceState.PASSED: "good",
    PlaceState.FAILED: "attention",
    PlaceState.ABSENT: "neutral",
}
