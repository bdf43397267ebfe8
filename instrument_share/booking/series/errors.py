"""What series refuse, each with its stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import LazyString, lazy_gettext

from ...foundation.errors import DomainError, InvalidInput, Refusal, Text
from ...foundation.http import show
from ..errors import SLOT_ADVICE, SlotTaken
from .planning import Planned
from .rules import MOST_OCCURRENCES, ClockFault, RuleFault, RuleRefused

#: What to do about a rule that is not taken. `%(part)s` is the part of the rule that it is about.
_RULE_ADVICE: Mapping[RuleFault, LazyString | str] = {
    RuleFault.UNREADABLE: lazy_gettext(
        "This is not a recurrence rule. Write one as in FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10 (RFC 5545)."
    ),
    RuleFault.FREQUENCY: lazy_gettext(
        "Only rules by days, weeks, months or years are taken. Write FREQ as DAILY, WEEKLY, MONTHLY or YEARLY."
    ),
    RuleFault.PART: "",
    RuleFault.VALUE: "",
    RuleFault.ENDLESS: lazy_gettext(
        "The series needs an end. Say how many times it takes place, or until when."
    ),
    RuleFault.TWO_ENDS: lazy_gettext(
        "The series has two ends. Say either how many times it takes place, or until when."
    ),
    RuleFault.UNTIL: lazy_gettext(
        "Write UNTIL as a UTC time, as in 20261231T235959Z: the series has a time zone (RFC 5545)."
    ),
    RuleFault.TOO_MANY: lazy_gettext(
        "A series has at most %(most)s occurrences. Choose an earlier end.", most=MOST_OCCURRENCES
    ),
    RuleFault.TOO_FAR: lazy_gettext("A series lasts at most two years. Choose an earlier end."),
    RuleFault.FIRST: lazy_gettext(
        "The series begins on a day that its rule does not name. Choose a first day that fits the rule."
    ),
    RuleFault.ALL_OVER: lazy_gettext("The series ends before it begins. Choose a later end."),
}

#: Why an occurrence cannot be had, beyond what keeps a single booking from it.
_OCCURRENCE_ADVICE: Mapping[str, LazyString] = {
    ClockFault.NONEXISTENT: lazy_gettext(
        "The clocks go forward then, so this time does not exist on that day. Book another time of that day by itself."
    ),
    ClockFault.AMBIGUOUS: lazy_gettext(
        "The clocks go back then, so this time comes twice on that day. Book the one that you mean by itself."
    ),
    SlotTaken.code: lazy_gettext("Somebody else has this time."),
    "agreement_not_usable": lazy_gettext("The agreement is not valid on that day."),
    "unknown_project": lazy_gettext("The joint project does not run on that day."),
}


def advice_on(code: str) -> Text:
    """Why an occurrence with this code cannot be had; empty without a code."""
    by_slot: Mapping[str, LazyString] = {
        fault: advice for fault, (_, advice) in SLOT_ADVICE.items()
    }
    return _OCCURRENCE_ADVICE.get(code) or by_slot.get(code, "")


class RuleNotTaken(InvalidInput):
    """The recurrence rule means nothing, or more than is taken; `code` is the fault."""

    def __init__(self, refused: RuleRefused) -> None:
        super().__init__(fields={"rrule": _advice_on_rule(refused)}, part=refused.part)
        self.code = refused.fault.value


def _advice_on_rule(refused: RuleRefused) -> Text:
    if refused.fault is RuleFault.PART:
        return lazy_gettext(
            "Leave out %(part)s: it is not taken in a rule like this.", part=refused.part
        )
    if refused.fault is RuleFault.VALUE:
        return lazy_gettext("The value of %(part)s is not one that is taken.", part=refused.part)
    return _RULE_ADVICE[refused.fault]


class SeriesConflict(Refusal):
    """Some occurrences cannot be had; `planned` are all of them. Nothing is saved."""

    code = "series_conflict"
    status = 409
    message = lazy_gettext(
        "Some of these times cannot be had, so nothing was saved. Leave them out, move them, or choose other times."
    )

    def __init__(self, planned: Sequence[Planned]) -> None:
        super().__init__()
        self.planned = planned


class NothingLeft(Refusal):
    """Not one occurrence can be had."""

    code = "series_empty"
    status = 409
    message = lazy_gettext(
        "Not one of these times can be had, so nothing was saved. Choose other times."
    )

    def __init__(self, planned: Sequence[Planned]) -> None:
        super().__init__()
        self.planned = planned


class OccurrenceRefused(Refusal):
    """What was asked for cannot be done with one of the occurrences, so nothing was done with any of them."""

    def __init__(self, occurrence: str, day: str, cause: DomainError) -> None:
        super().__init__(
            lazy_gettext(
                "Nothing was changed, because of the occurrence on %(day)s (%(reference)s): %(reason)s",
                day=show.date(day),
                reference=occurrence,
                reason=str(cause.message),
            ),
            occurrence=occurrence,
        )
        self.code = cause.code


class NothingToDo(Refusal):
    """None of the occurrences that are meant is in a state in which this can be done."""

    code = "wrong_state"
    status = 409
    message = lazy_gettext("There is no occurrence with which this can be done. Look at it again.")


class PlanChanged(Refusal):
    """What would be saved is no longer what was shown; `planned` is what it would be now."""

    code = "series_changed"
    status = 409
    message = lazy_gettext(
        "The calendar or your choice has changed since this list was made, so nothing was sent. Look at the new list."
    )

    def __init__(self, planned: Sequence[Planned]) -> None:
        super().__init__()
        self.planned = planned
