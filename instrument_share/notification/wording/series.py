"""The words of messages about a whole series, or several of its occurrences, at once."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template, Words

_OPEN = lazy_gettext("Open the series")

_WORDS: dict[Kind, Template] = {
    Kind.RECEIVED: Template(
        lazy_gettext("Series received: %(instrument)s"),
        lazy_gettext("We have your series %(reference)s and hold all of these times for you."),
        lazy_gettext("It is being checked. You are told as soon as it is decided."),
        _OPEN,
    ),
    Kind.DECISION_NEEDED: Template(
        lazy_gettext("Your decision on a series is needed: %(instrument)s"),
        lazy_gettext("%(applicant)s asks for a series of times on %(instrument)s (%(reference)s)."),
        lazy_gettext("Decide on all of them at once, or open them and decide on each."),
        lazy_gettext("Decide"),
    ),
    Kind.CONFIRMED: Template(
        lazy_gettext("Series confirmed: %(instrument)s"),
        lazy_gettext("These times of your series %(reference)s are confirmed."),
        lazy_gettext(
            "They are yours. If you cannot use one, cancel it early, so that others can have it."
        ),
        _OPEN,
    ),
    Kind.EXPECTED: Template(
        lazy_gettext("Expect a user, several times: %(instrument)s"),
        lazy_gettext("%(applicant)s will use %(instrument)s at these times (%(reference)s)."),
        lazy_gettext("Start each booking when the work begins and finish it when it ends."),
        _OPEN,
    ),
    Kind.REJECTED: Template(
        lazy_gettext("Series rejected: %(instrument)s"),
        lazy_gettext("These times of your series %(reference)s were rejected and are free again."),
        lazy_gettext("Read the reason below. You may ask for other times or another instrument."),
        _OPEN,
    ),
    Kind.CHANGES_REQUESTED: Template(
        lazy_gettext("Changes requested in a series: %(instrument)s"),
        lazy_gettext(
            "These times of your series %(reference)s need changes. They are still held for you."
        ),
        lazy_gettext("Read what is asked for, change the requests and submit them again."),
        _OPEN,
    ),
    Kind.MOVED: Template(
        lazy_gettext("New times of a series: %(instrument)s"),
        lazy_gettext("These occurrences of your series %(reference)s now have other times."),
        lazy_gettext("The new times are checked again. The series shows how far they are."),
        _OPEN,
    ),
    Kind.MOVED_CONFIRMED: Template(
        lazy_gettext("New times of a series: %(instrument)s"),
        lazy_gettext(
            "These occurrences of your series %(reference)s now have other times and stay confirmed."
        ),
        lazy_gettext("You need not do anything. What was approved before holds for them, too."),
        _OPEN,
    ),
    Kind.EXPECTED_ANEW: Template(
        lazy_gettext("Expect a user at other times: %(instrument)s"),
        lazy_gettext("%(applicant)s will use %(instrument)s at other times now (%(reference)s)."),
        lazy_gettext("Start each booking when the work begins and finish it when it ends."),
        _OPEN,
    ),
    Kind.CANCELLED: Template(
        lazy_gettext("Series cancelled: %(instrument)s"),
        lazy_gettext("These times of the series %(reference)s were cancelled and are free again."),
        lazy_gettext("You need not do anything. You may ask for other times."),
        _OPEN,
    ),
    Kind.SETTLED_WITHOUT_YOU: Template(
        lazy_gettext("No decision needed any more on a series: %(instrument)s"),
        lazy_gettext(
            "These times of the series %(reference)s of %(applicant)s no longer wait for a decision."
        ),
        lazy_gettext("You need not do anything."),
        _OPEN,
    ),
    Kind.CALLED_OFF: Template(
        lazy_gettext("Several times called off: %(instrument)s"),
        lazy_gettext("%(applicant)s does not come at these times (%(reference)s)."),
        lazy_gettext("If new times are confirmed, you are told."),
        _OPEN,
    ),
}


def words_for_series(kind: Kind, values: Mapping[str, str]) -> Words:
    """The words of a message about a series in the language that gettext speaks."""
    return _WORDS[kind].filled(values)
