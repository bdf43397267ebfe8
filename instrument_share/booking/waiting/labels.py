"""The words for the waiting list's codes, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext, lazy_pgettext

from .rules import EntryState

STATES: dict[str, LazyString] = {
    EntryState.WAITING: lazy_gettext("waiting"),
    EntryState.OFFERED: lazy_gettext("offered"),
    EntryState.ACCEPTED: lazy_pgettext("waiting list", "accepted"),
    EntryState.DECLINED: lazy_pgettext("waiting list", "declined"),
    EntryState.LAPSED: lazy_pgettext("waiting list", "lapsed"),
    EntryState.LEFT: lazy_pgettext("waiting list", "left"),
    EntryState.OVER: lazy_pgettext("waiting list", "over"),
}

#: Colours of the states, as in components/status.html.
TONES: dict[str, str] = {
    EntryState.WAITING: "info",
    EntryState.OFFERED: "attention",
    EntryState.ACCEPTED: "good",
}

#: What the page says when an action has been done.
DONE: dict[str, LazyString] = {
    "accept": lazy_gettext("The request is sent. The time is held for you until it is decided."),
    "decline": lazy_gettext("The offer is declined, and the time goes to the next in line."),
    "leave": lazy_gettext("You have left the waiting list."),
}

WEEKDAYS: dict[str, LazyString] = {
    "mon": lazy_gettext("Monday"),
    "tue": lazy_gettext("Tuesday"),
    "wed": lazy_gettext("Wednesday"),
    "thu": lazy_gettext("Thursday"),
    "fri": lazy_gettext("Friday"),
    "sat": lazy_gettext("Saturday"),
    "sun": lazy_gettext("Sunday"),
}
