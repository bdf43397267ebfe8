"""The words of messages to those who decide on requests."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

WORDS: dict[Kind, Template] = {
    Kind.DECISION_NEEDED: Template(
        lazy_gettext("Your decision is needed: %(instrument)s"),
        lazy_gettext("%(applicant)s asks for time on %(instrument)s (%(reference)s)."),
        lazy_gettext("Approve it, ask for changes, or reject it with a reason."),
        lazy_gettext("Decide"),
    ),
    Kind.DECISION_REMINDER: Template(
        lazy_gettext("Please decide soon: %(instrument)s"),
        lazy_gettext("The request %(reference)s of %(applicant)s still waits for your decision."),
        lazy_gettext(
            "Approve it, ask for changes, or reject it with a reason, before its time is given up."
        ),
        lazy_gettext("Decide"),
    ),
    Kind.DECISION_ESCALATED: Template(
        lazy_gettext("Nobody has decided yet: %(instrument)s"),
        lazy_gettext(
            "The request %(reference)s of %(applicant)s was not decided in time. You may decide it, too."
        ),
        lazy_gettext("Approve it, ask for changes, or reject it with a reason."),
        lazy_gettext("Decide"),
    ),
    Kind.SETTLED_WITHOUT_YOU: Template(
        lazy_gettext("No decision needed any more: %(instrument)s"),
        lazy_gettext("The request %(reference)s of %(applicant)s no longer waits for a decision."),
        lazy_gettext("You need not do anything."),
    ),
}
