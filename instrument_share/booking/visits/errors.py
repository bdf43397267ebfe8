"""Why a visit is not taken as it was entered."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from ...foundation.errors import Refusal
from .rules import DayFault

#: The field that is wrong, and what to do about it.
DAY_ADVICE: dict[DayFault, tuple[str, LazyString]] = {
    DayFault.ORDER: ("departs_on", lazy_gettext("Choose a day of departure after the arrival.")),
    DayFault.AFTER_START: (
        "arrives_on",
        lazy_gettext("The booking begins before this day. Choose an arrival in time for it."),
    ),
    DayFault.BEFORE_END: (
        "departs_on",
        lazy_gettext("The booking ends after this day. Choose a departure when it is over."),
    ),
    DayFault.TOO_EARLY: (
        "arrives_on",
        lazy_gettext("This is more than 60 days before the booking. Choose a later day."),
    ),
    DayFault.TOO_LATE: (
        "departs_on",
        lazy_gettext("This is more than 60 days after the booking. Choose an earlier day."),
    ),
}


class VisitClosed(Refusal):
    code = "visit_closed"
    message = lazy_gettext("The booking is over: its visitors and tasks can no longer be changed.")
