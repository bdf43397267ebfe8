"""What calls refuse, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class NotOpen(Refusal):
    """Proposals are written and changed while the call is open."""

    code = "call_not_open"
    message = lazy_gettext(
        "This call does not take proposals now. Its page says when it opened and closed."
    )


class CallFixed(Refusal):
    """Once a call is open, those who answer it rely on what it says."""

    code = "call_fixed"
    message = lazy_gettext("The call is open: what it says cannot be changed any more.")


class NotInReview(Refusal):
    """Reviews and decisions come between the deadline and the decision."""

    code = "not_in_review"
    message = lazy_gettext(
        "This is done after the deadline for proposals and before the decision is published."
    )


class ReviewIsFinal(Refusal):
    """What was handed in is changed until reviews are due, and then no more."""

    code = "review_final"
    message = lazy_gettext(
        "You have handed in this review and the time for reviews is over: it cannot be changed any more."
    )


class HandedIn(Refusal):
    """What was handed in counts; it does not become a draft again."""

    code = "review_handed_in"
    message = lazy_gettext(
        "You have handed in this review: change it and hand it in again, it cannot be a draft."
    )


class HasConflict(Refusal):
    """Somebody with a conflict of interest neither judges a proposal nor reads what is said of it."""

    code = "conflict_of_interest"
    status = 403
    message = lazy_gettext("You have a conflict of interest with this proposal.")


class OwnMatter(Refusal):
    """Nobody decides a call in which they propose something themselves, nor for somebody who does."""

    code = "own_matter"
    status = 403
    message = lazy_gettext(
        "You, or somebody whom you stand in for, take part in a proposal of this call. "
        "Somebody else has to look after its decision."
    )


class JudgesIt(Refusal):
    """Nobody takes their name out of a proposal to judge it afterwards as if it were another's."""

    code = "judges_it"
    status = 403
    message = lazy_gettext(
        "You review or decide this call. Until it is decided your name stays in the proposal, so that everybody sees "
        "what ties you to it."
    )


class TooManyHours(Refusal):
    """A call gives no more than it has."""

    code = "too_many_hours"
    message = lazy_gettext(
        "Together these are more hours than the call has. Lower some of them and save again."
    )


class ReviewsStay(Refusal):
    """What a reviewer said is part of the decision."""

    code = "reviews_stay"
    message = lazy_gettext(
        "This reviewer has handed in a review. Let them declare a conflict where it should not count."
    )
