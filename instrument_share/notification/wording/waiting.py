"""The words of messages about the waiting list and freed time."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

WORDS: dict[Kind, Template] = {
    Kind.OFFERED: Template(
        lazy_gettext("Time is offered to you: %(instrument)s"),
        lazy_gettext(
            "Time that you wait for became free, and it is held for you until %(answer_by)s (%(reference)s)."
        ),
        lazy_gettext(
            "Accept the offer before then, or decline it, so that others can have the time."
        ),
        lazy_gettext("Look at the offer"),
    ),
    Kind.OFFER_RAN_OUT: Template(
        lazy_gettext("Offer run out: %(instrument)s"),
        lazy_gettext(
            "Nobody answered the offer %(reference)s in time, and it has gone to the next in line."
        ),
        lazy_gettext("Your waiting list shows whether you still stand in line for other times."),
    ),
    Kind.FREED_TIME: Template(
        lazy_gettext("Time became free: %(instrument)s"),
        lazy_gettext("Time on %(instrument)s, which you watch, became free."),
        lazy_gettext(
            "Whoever asks first has it. You can stop these messages on your waiting list page."
        ),
        lazy_gettext("Look at the free time"),
    ),
}
