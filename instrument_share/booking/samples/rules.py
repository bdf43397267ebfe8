"""The way of a sample as one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ...foundation.identifiers import random_letters
from ...identity.rules import Permission
from ..rules import State

#: Bookings whose samples travel.
TRAVELLING = frozenset({State.CONFIRMED, State.IN_USE, State.COMPLETED, State.SETTLED})


class SampleState(StrEnum):
    ANNOUNCED = "announced"
    SENT = "sent"
    RECEIVED = "received"
    MEASURED = "measured"
    KEPT = "kept"  # by the facility
    RETURNED = "returned"
    DESTROYED = "destroyed"


#: Where nothing more is to be done.
OVER = frozenset({SampleState.RETURNED, SampleState.DESTROYED})


#: What may have become of a sample when the use is over.
OUTCOMES = (SampleState.MEASURED, SampleState.KEPT, SampleState.RETURNED, SampleState.DESTROYED)
#: Where the facility has said what became of it.
SETTLED = OVER | {SampleState.KEPT}


class Step(StrEnum):
    SEND = "send"
    RECEIVE = "receive"
    MEASURE = "measure"
    KEEP = "keep"
    RETURN = "return"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a step leads, who takes it, and whether a parcel with a tracking number is part of it."""

    to: SampleState
    permission: Permission
    by_mail: bool = False


_ARRIVED = (SampleState.RECEIVED, SampleState.MEASURED)
_HERE = (*_ARRIVED, SampleState.KEPT)
#: The one table. What arrives unannounced is received all the same, and what cannot be measured goes back.
WAYS: dict[tuple[SampleState, Step], Way] = {
    (SampleState.ANNOUNCED, Step.SEND): Way(
        SampleState.SENT, Permission.EDIT_BOOKING, by_mail=True
    ),
    (SampleState.ANNOUNCED, Step.RECEIVE): Way(SampleState.RECEIVED, Permission.RUN_BOOKING),
    (SampleState.SENT, Step.RECEIVE): Way(SampleState.RECEIVED, Permission.RUN_BOOKING),
    (SampleState.RECEIVED, Step.MEASURE): Way(SampleState.MEASURED, Permission.RUN_BOOKING),
    **{(state, Step.KEEP): Way(SampleState.KEPT, Permission.RUN_BOOKING) for state in _ARRIVED},
    **{
        (state, Step.RETURN): Way(SampleState.RETURNED, Permission.RUN_BOOKING, by_mail=True)
        for state in _HERE
    },
    **{
        (state, Step.DESTROY): Way(SampleState.DESTROYED, Permission.RUN_BOOKING) for state in _HERE
    },
}


#: Steps with a parcel.
BY_MAIL = frozenset(step for (_, step), way in WAYS.items() if way.by_mail)


def outcomes_of(state: SampleState) -> list[SampleState]:
    """What the end of a use can say of a sample that is there: nothing of one whose way is over."""
    return [each for each in OUTCOMES if each != state and steps_to(state, each)]


def steps_to(state: SampleState, goal: SampleState) -> tuple[Step, ...]:
    """The fewest steps by which whoever runs the instrument brings a sample to `goal`; none where there is no way."""
    reached: dict[SampleState, tuple[Step, ...]] = {state: ()}
    for here in (found := [state]):
        for (start, step), way in WAYS.items():
            is_ours = start == here and way.permission is Permission.RUN_BOOKING
            if is_ours and way.to not in reached:
                reached[way.to] = (*reached[here], step)
                found.append(way.to)
    return reached.get(goal, ())


def new_code() -> str:
    """What a label leads to: 80 random bits in 16 letters."""
    return random_letters(16)
