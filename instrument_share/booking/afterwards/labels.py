"""The words of what follows a use."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, lazy_gettext

from .rules import Breach, Verdict

QUESTIONS: Mapping[str, LazyString] = {
    "instrument": lazy_gettext("Did the instrument do what you needed?"),
    "support": lazy_gettext("Were you well looked after?"),
    "booking_itself": lazy_gettext("Was it easy to get the time?"),
}
MARKS: Mapping[int, LazyString] = {
    5: lazy_gettext("Yes, very well"),
    4: lazy_gettext("Mostly"),
    3: lazy_gettext("Partly"),
    2: lazy_gettext("Hardly"),
    1: lazy_gettext("Not at all"),
}
BREACHES: Mapping[str, LazyString] = {
    Breach.NO_SHOW: lazy_gettext("Did not come"),
    Breach.LATE_CANCELLATION: lazy_gettext("Cancelled late"),
    Breach.UNREPORTED: lazy_gettext("Results not reported"),
}
VERDICTS: Mapping[str, LazyString] = {
    Verdict.UPHELD: lazy_gettext("Upheld: the entry counts"),
    Verdict.LIFTED: lazy_gettext("Lifted: the entry does not count"),
}
