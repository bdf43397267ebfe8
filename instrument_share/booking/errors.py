"""What booking refuses, each with its stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flask_babel import LazyString, lazy_gettext

from ..foundation.errors import InvalidInput, Refusal
from ..foundation.interval import Interval
from .availability.slot_rules import SlotFault
from .rules import ANYWHERE, Seat

if TYPE_CHECKING:
    from .availability.alternatives import Alternative


class SlotTaken(Refusal):
    """Somebody else holds the time; `alternatives` (see availability.alternatives) can be had instead."""

    code = "slot_taken"
    status = 409
    message = lazy_gettext("This time is taken. Choose one of the alternatives or another time.")

    def __init__(self, instrument_id: int, slot: Interval, seat: Seat = ANYWHERE) -> None:
        super().__init__()
        self.instrument_id, self.slot, self.seat = instrument_id, slot, seat
        #: The booking (by id) that wanted to move there: its own time is not in its way.
        self.mover: int | None = None
        self.alternatives: Sequence[Alternative] = ()


#: Which field to change, and how, for each fault of a slot.
SLOT_ADVICE: Mapping[SlotFault, tuple[str, LazyString]] = {
    SlotFault.IN_THE_PAST: (
        "starts_at",
        lazy_gettext("This time is in the past. Choose a later one."),
    ),
    SlotFault.TOO_SOON: (
        "starts_at",
        lazy_gettext(
            "This is too soon: the instrument needs to be asked for further ahead. Choose a later time."
        ),
    ),
    SlotFault.BEYOND_HORIZON: (
        "starts_at",
        lazy_gettext(
            "This is too far ahead: the calendar is not open that far yet. Choose an earlier time."
        ),
    ),
    SlotFault.TOO_SHORT: (
        "ends_at",
        lazy_gettext("This is shorter than the shortest booking. Choose a later end."),
    ),
    SlotFault.TOO_LONG: (
        "ends_at",
        lazy_gettext("This is longer than the longest booking. Choose an earlier end."),
    ),
    SlotFault.OFF_GRID: (
        "starts_at",
        lazy_gettext(
            "Start and end must lie on the instrument's grid of times, such as full or half hours."
        ),
    ),
    SlotFault.IN_CLOSURE: (
        "starts_at",
        lazy_gettext("The instrument is closed then. Choose a time outside the closure."),
    ),
    SlotFault.OUTSIDE_OPENING_HOURS: (
        "starts_at",
        lazy_gettext("This is outside the opening hours. Choose a time inside them."),
    ),
}


class SlotUnfit(InvalidInput):
    """The slot breaks the instrument's rules; `code` is the first fault, `faults` are all of them."""

    def __init__(self, faults: list[SlotFault]) -> None:
        advice = [SLOT_ADVICE[fault] for fault in reversed(faults)]
        super().__init__(fields=dict(advice), faults=[fault.value for fault in faults])
        self.code = faults[0].value


class EndBeforeStart(InvalidInput):
    code = "end_before_start"

    def __init__(self) -> None:
        super().__init__(fields={"ends_at": lazy_gettext("The end must lie after the start.")})


class UnknownInstrument(InvalidInput):
    code = "unknown_instrument"

    def __init__(self) -> None:
        super().__init__(
            fields={
                "instrument": lazy_gettext(
                    "There is no such instrument. Choose one from the catalogue."
                )
            }
        )


class UnknownPosition(InvalidInput):
    code = "unknown_position"

    def __init__(self) -> None:
        super().__init__(
            fields={
                "position": lazy_gettext(
                    "The instrument has no such position. Choose one of its positions, or any."
                )
            }
        )


class UnknownProject(InvalidInput):
    code = "unknown_project"

    def __init__(self) -> None:
        super().__init__(
            fields={"project": lazy_gettext("Choose one of the projects that you are a member of.")}
        )


class WrongState(Refusal):
    """The lifecycle does not lead from where the booking is by this action."""

    code = "wrong_state"
    status = 409
    message = lazy_gettext(
        "This cannot be done with a booking in its present state. Look at it again."
    )

    def __init__(self, state: str, action: str) -> None:
        super().__init__(state=state, action=action)


class ClocksAgree(Refusal):
    """The clocks show what the booking was made for: there is nothing to follow."""

    code = "clocks_agree"
    status = 409
    message = lazy_gettext("The clocks already show the time that this booking was made for.")


class WallTimeSkipped(Refusal):
    """No instant keeps the wall time."""

    code = "wall_time_skipped"
    status = 409
    message = lazy_gettext(
        "By the new rules the clocks skip this time. Reschedule the booking by hand."
    )


class OfferOver(Refusal):
    """The time to answer an offer has passed; the time goes to the next in line."""

    code = "offer_over"
    status = 409
    message = lazy_gettext(
        "This offer has run out, and the time goes to the next in line. You still stand in line for other times."
    )


class TooEarlyToStart(Refusal):
    code = "too_early"
    status = 409
    message = lazy_gettext(
        "It is too early: this can be done shortly before the booked time begins."
    )


class CommentMissing(InvalidInput):
    code = "comment_required"

    def __init__(self) -> None:
        super().__init__(
            fields={"comment": lazy_gettext("Give the reason; the applicant will read it.")}
        )


class UsageImplausible(InvalidInput):
    """The times of use that were reported cannot be."""

    code = "usage_implausible"
