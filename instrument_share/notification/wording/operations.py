"""The words of messages to those who run instruments."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

WORDS: dict[Kind, Template] = {
    Kind.EXPECTED: Template(
        lazy_gettext("Expect a user: %(instrument)s"),
        lazy_gettext("%(applicant)s will use %(instrument)s (%(reference)s)."),
        lazy_gettext("Start the booking when the work begins and finish it when it ends."),
    ),
    Kind.EXPECTED_ANEW: Template(
        lazy_gettext("Expect a user at another time: %(instrument)s"),
        lazy_gettext("%(applicant)s will use %(instrument)s at another time (%(reference)s)."),
        lazy_gettext("Start the booking when the work begins and finish it when it ends."),
    ),
    Kind.CALLED_OFF: Template(
        lazy_gettext("Called off: %(instrument)s"),
        lazy_gettext("%(applicant)s does not come at this time (%(reference)s)."),
        lazy_gettext("If a new time is confirmed, you are told."),
    ),
    Kind.CALENDAR_FAILING: Template(
        lazy_gettext("An outside calendar cannot be read: %(instrument)s"),
        lazy_gettext("The calendar “%(calendar)s”, which closes %(instrument)s, cannot be read."),
        lazy_gettext(
            "What it said last is kept for seven days, then its closures go. Look at why, or remove it."
        ),
        lazy_gettext("Look at the calendar"),
    ),
}
