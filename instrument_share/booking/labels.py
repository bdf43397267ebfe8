"""The words for booking's codes, and what is said to happen next, in the reader's language."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import LazyString, gettext, lazy_gettext

from ..catalogue.positions import position_name
from ..identity.rules import Role
from .models import Booking
from .policies.rules import Silence
from .rules import Action, State, StepStatus

STATES: dict[str, LazyString] = {
    State.DRAFT: lazy_gettext("draft"),
    State.OFFERED: lazy_gettext("offered"),
    State.SUBMITTED: lazy_gettext("submitted"),
    State.CHANGES_REQUESTED: lazy_gettext("changes requested"),
    State.CONFIRMED: lazy_gettext("confirmed"),
    State.IN_USE: lazy_gettext("in use"),
    State.COMPLETED: lazy_gettext("completed"),
    State.SETTLED: lazy_gettext("settled"),
    State.REJECTED: lazy_gettext("rejected"),
    State.CANCELLED: lazy_gettext("cancelled"),
    State.EXPIRED: lazy_gettext("expired"),
    State.NO_SHOW: lazy_gettext("no-show"),
}

#: What the button of an action says.
ACTIONS: dict[str, LazyString] = {
    Action.SUBMIT: lazy_gettext("Send the request"),
    Action.WITHDRAW: lazy_gettext("Withdraw the request"),
    Action.APPROVE: lazy_gettext("Approve"),
    Action.REJECT: lazy_gettext("Reject"),
    Action.REQUEST_CHANGES: lazy_gettext("Request changes"),
    Action.RESCHEDULE: lazy_gettext("Reschedule"),
    Action.CANCEL: lazy_gettext("Cancel the booking"),
    Action.START: lazy_gettext("Start the use"),
    Action.FINISH: lazy_gettext("Finish the use"),
    Action.MARK_NO_SHOW: lazy_gettext("Mark as no-show"),
}

#: The same where the booking is an offer from the waiting list.
ANSWERS: dict[str, LazyString] = {
    Action.SUBMIT: lazy_gettext("Accept the offer"),
    Action.CANCEL: lazy_gettext("Decline the offer"),
}

#: What the page says when an action has been done.
DONE: dict[str, LazyString] = {
    Action.CREATE: lazy_gettext(
        "Your draft is saved. Nothing has been sent and no time is held yet."
    ),
    Action.SUBMIT: lazy_gettext(
        "The request is sent. The time is held for you until it is decided."
    ),
    Action.WITHDRAW: lazy_gettext(
        "The request is withdrawn. It is a draft again and holds no time."
    ),
    Action.APPROVE: lazy_gettext("Approved. The applicant is told by mail."),
    Action.REJECT: lazy_gettext("Rejected. The applicant is told the reason by mail."),
    Action.REQUEST_CHANGES: lazy_gettext(
        "Sent back. The applicant is told by mail what to change."
    ),
    Action.RESCHEDULE: lazy_gettext("The booking has a new time."),
    Action.CANCEL: lazy_gettext("The booking is cancelled and its time is free again."),
    Action.START: lazy_gettext("The use has started."),
    Action.FINISH: lazy_gettext("The use is finished and recorded."),
    Action.MARK_NO_SHOW: lazy_gettext("Marked as no-show. The applicant is told by mail."),
}

#: What the history of a booking calls what was done.
DEEDS: dict[str, LazyString] = {
    Action.CREATE: lazy_gettext("Draft saved"),
    Action.OFFER: lazy_gettext("Offered from the waiting list"),
    Action.SUBMIT: lazy_gettext("Request sent"),
    Action.WITHDRAW: lazy_gettext("Request withdrawn"),
    Action.APPROVE: lazy_gettext("Approved"),
    Action.REJECT: lazy_gettext("Rejected"),
    Action.REQUEST_CHANGES: lazy_gettext("Changes requested"),
    Action.RESCHEDULE: lazy_gettext("Rescheduled"),
    Action.CANCEL: lazy_gettext("Cancelled"),
    Action.START: lazy_gettext("Use started"),
    Action.FINISH: lazy_gettext("Use finished"),
    Action.MARK_NO_SHOW: lazy_gettext("Marked as no-show"),
    Action.EXPIRE: lazy_gettext("Hold ran out"),
    Action.FOLLOW_CLOCKS: lazy_gettext("Brought into line with changed clocks"),
    Action.SETTLE: lazy_gettext("Billed on a statement"),
}

#: Who decides a step of the approval route.
DECIDERS: dict[str, LazyString] = {
    Role.FACILITY_MANAGER: lazy_gettext("Facility manager"),
    Role.SAFETY_OFFICER: lazy_gettext("Safety officer"),
    Role.INTERNATIONAL_OFFICE: lazy_gettext("International office"),
    Role.LIAISON: lazy_gettext("Liaison"),
    Role.PROGRAMME_OFFICER: lazy_gettext("Programme officer"),
}

#: What happens where a step is not decided in time, if that is anything before the hold runs out.
SILENT: dict[str, LazyString] = {
    Silence.ESCALATE: lazy_gettext("then another office is asked, too"),
    Silence.APPROVE: lazy_gettext("then it counts as approved"),
}

AFTERWARDS: dict[str, LazyString] = {
    "return": lazy_gettext("Send back"),
    "destroy": lazy_gettext("Destroy"),
}

#: How components/steps.html draws a step of the approval route.
STEP_MARKS: dict[str, str] = {
    StepStatus.WAITING: "next",
    StepStatus.PENDING: "current",
    StepStatus.APPROVED: "done",
    StepStatus.REJECTED: "rejected",
    StepStatus.CHANGES_REQUESTED: "returned",
    StepStatus.VOID: "skipped",
}


class Part(StrEnum):
    """The part that whoever looks at a booking has in it: to have asked for it, to decide it now, or neither."""

    APPLICANT = "applicant"
    DECIDER = "decider"
    OTHER = "other"


#: What happens next, by state: one sentence for the applicant, one for everybody else.
NEXT_STEP: dict[tuple[State, Part], LazyString] = {
    (State.DRAFT, Part.APPLICANT): lazy_gettext(
        "Nobody has seen this yet and no time is held. Check it and send the request."
    ),
    (State.DRAFT, Part.OTHER): lazy_gettext("The applicant has not sent this request."),
    (State.OFFERED, Part.APPLICANT): lazy_gettext(
        "This time became free and is held for you. Accept the offer before it runs out, or decline it."
    ),
    (State.OFFERED, Part.OTHER): lazy_gettext(
        "This time is offered to somebody on the waiting list, who has not answered yet."
    ),
    (State.SUBMITTED, Part.APPLICANT): lazy_gettext(
        "The time is held for you while your request is decided. You get a mail at every step."
    ),
    (State.SUBMITTED, Part.DECIDER): lazy_gettext(
        "This request waits for your decision. Approve it, send it back for changes, or reject it with a reason."
    ),
    (State.SUBMITTED, Part.OTHER): lazy_gettext(
        "The time is held while the request is decided. The approval route shows whose turn it is."
    ),
    (State.CHANGES_REQUESTED, Part.APPLICANT): lazy_gettext(
        "Read what the facility asks for, change the request and send it again. The time is held for you meanwhile."
    ),
    (State.CHANGES_REQUESTED, Part.OTHER): lazy_gettext(
        "The applicant was asked for changes. When the request is sent again, it is decided again."
    ),
    (State.CONFIRMED, Part.APPLICANT): lazy_gettext(
        "The time is yours. The facility starts the use when you are there; tell it in good time if you cannot come."
    ),
    (State.CONFIRMED, Part.OTHER): lazy_gettext(
        "The time is booked. Start the use when it begins, or mark a no-show if nobody comes."
    ),
    (State.IN_USE, Part.APPLICANT): lazy_gettext(
        "The instrument is in use. The facility records the time that was really used when you finish."
    ),
    (State.IN_USE, Part.OTHER): lazy_gettext(
        "The instrument is in use. Finish it with the time that was really used."
    ),
    (State.COMPLETED, Part.APPLICANT): lazy_gettext(
        "The use is recorded. Its charges will be on your institution's next monthly statement."
    ),
    (State.COMPLETED, Part.OTHER): lazy_gettext(
        "The use is recorded. Its charges will be on the institution's next monthly statement."
    ),
    (State.SETTLED, Part.OTHER): lazy_gettext(
        "The charges are on a statement. Nothing more is to be done."
    ),
    (State.REJECTED, Part.APPLICANT): lazy_gettext(
        "The approval route shows the reason. You can ask for another time or another instrument."
    ),
    (State.REJECTED, Part.OTHER): lazy_gettext(
        "The request was rejected and its time is free again."
    ),
    (State.CANCELLED, Part.APPLICANT): lazy_gettext(
        "The time is free again. You can ask for another time."
    ),
    (State.CANCELLED, Part.OTHER): lazy_gettext(
        "The booking was cancelled and its time is free again."
    ),
    (State.EXPIRED, Part.APPLICANT): lazy_gettext(
        "The request was not decided in time, so its time is free again. You can ask for another time."
    ),
    (State.EXPIRED, Part.OTHER): lazy_gettext(
        "The request was not decided in time, so its time is free again."
    ),
    (State.NO_SHOW, Part.APPLICANT): lazy_gettext(
        "Nobody came to use the instrument. Write to the facility if that is not right."
    ),
    (State.NO_SHOW, Part.OTHER): lazy_gettext("Nobody came to use the instrument."),
}

#: Said of an offer instead, which nobody asked for.
OFFER_RAN_OUT = lazy_gettext(
    "The offer was not answered in time, so its time has gone to the next in line."
)


def where_of(booking: Booking) -> str:
    """Where on the instrument a booking takes place, in words; empty where there is only one position."""
    if booking.instrument.positions == 1:
        return ""
    if booking.whole:
        return gettext("the whole instrument")
    place = booking.position or booking.wanted_position
    return position_name(booking.instrument, place) if place else gettext("any position")


def next_step(state: str, part: Part) -> LazyString:
    """What happens next with a booking in `state`, said to somebody who has this part in it."""
    own = NEXT_STEP.get((State(state), part))
    return own or NEXT_STEP[State(state), Part.OTHER]
