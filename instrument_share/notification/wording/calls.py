"""The words of messages about calls for proposals."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ..rules import Kind
from .template import Template

_PROPOSAL = lazy_gettext("Open the proposal")
_REVIEWS = lazy_gettext("Open your reviews")

WORDS: dict[Kind, Template] = {
    Kind.PROPOSAL_RECEIVED: Template(
        lazy_gettext("Proposal received: %(proposal)s"),
        lazy_gettext("We have your proposal %(reference)s for the call “%(call)s”."),
        lazy_gettext("You can change it until the call closes. Then reviewers read it."),
        _PROPOSAL,
    ),
    Kind.PROPOSAL_NAMED: Template(
        lazy_gettext("You are named in a proposal: %(proposal)s"),
        lazy_gettext("%(person)s proposes “%(proposal)s” with you, for the call “%(call)s”."),
        lazy_gettext("If you do not want to take part, take your name out."),
        _PROPOSAL,
    ),
    Kind.PROPOSAL_LEFT: Template(
        lazy_gettext("Somebody left your proposal: %(proposal)s"),
        lazy_gettext("%(person)s no longer takes part in “%(proposal)s”."),
        lazy_gettext("You need not do anything."),
        _PROPOSAL,
    ),
    Kind.PROPOSAL_GRANTED: Template(
        lazy_gettext("Time is granted: %(proposal)s"),
        lazy_gettext(
            "The call “%(call)s” is decided: “%(proposal)s” gets %(granted_minutes)s of instrument time."
        ),
        lazy_gettext("A joint project with this time was begun for you. Book for it."),
        _PROPOSAL,
    ),
    Kind.PROPOSAL_REFUSED: Template(
        lazy_gettext("No time was granted: %(proposal)s"),
        lazy_gettext("The call “%(call)s” is decided: “%(proposal)s” gets no time in it."),
        lazy_gettext(
            "Thank you for proposing it. Read below what was said; you are welcome to propose it again."
        ),
        _PROPOSAL,
    ),
    Kind.DRAFT_NEAR: Template(
        lazy_gettext("Not handed in yet: %(proposal)s"),
        lazy_gettext(
            "The call “%(call)s” closes on %(day)s, and your proposal “%(proposal)s” is still a draft."
        ),
        lazy_gettext("Hand it in before the call closes; its page shows the hour on your clock."),
        _PROPOSAL,
    ),
    Kind.REVIEWS_NEAR: Template(
        lazy_gettext("Reviews are soon due: %(call)s"),
        lazy_gettext(
            "Reviews of the call “%(call)s” are due on %(day)s. Some of yours have not come in."
        ),
        lazy_gettext("Score the proposals, or declare a conflict of interest."),
        _REVIEWS,
    ),
    Kind.REVIEWER_APPOINTED: Template(
        lazy_gettext("Please review proposals: %(call)s"),
        lazy_gettext("You are asked to review the proposals of the call “%(call)s”."),
        lazy_gettext(
            "Check whether you have a conflict of interest, then score each proposal. Those who propose do not learn "
            "who reviewed them."
        ),
        _REVIEWS,
    ),
}
