"""The way of a sample as one table."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from ...identity.rules import Action as Permission
from ..rules import State

#: Bookings whose samples travel.
TRAVELLING = frozenset({State.CONFIRMED, State.IN_USE, State.COMPLETED, State.SETTLED})
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class SampleState(StrEnum):
    ANNOUNCED = "announced"
    SENT = "sent"
    RECEIVED = "received"
    MEASURED = "measured"
    RETURNED = "returned"
    DESTROYED = "destroyed"


#: Where nothing more is to be done.
OVER = frozenset({SampleState.RETURNED, SampleState.DESTROYED})


class Step(StrEnum):
    SEND = "send"
    RECEIVE = "receive"
    MEASURE = "measure"
    RETURN = "return"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True)
class Way:
    """Where a step leads, who takes it, and whether a parcel with a tracking number is part of it."""

    to: SampleState
    permission: Permission
    by_mail: bool = False


_ARRIVED = (SampleState.RECEIVED, SampleState.MEASURED)
#: The one table. What arrives unannounced is received all the same, and what cannot be measured goes back.
WAYS: dict[tuple[SampleState, Step], Way] = {
    (SampleState.ANNOUNCED, Step.SEND): Way(
        SampleState.SENT, Permission.EDIT_BOOKING, by_mail=True
    ),
    (SampleState.ANNOUNCED, Step.RECEIVE): Way(SampleState.RECEIVED, Permission.RUN_BOOKING),
    (SampleState.SENT, Step.RECEIVE): Way(SampleState.RECEIVED, Permission.RUN_BOOKING),
    (SampleState.RECEIVED, Step.MEASURE): Way(SampleState.MEASURED, Permission.RUN_BOOKING),
    **{
        (state, Step.RETURN): Way(SampleState.RETURNED, Permission.RUN_BOOKING, by_mail=True)
        for state in _ARRIVED
    },
    **{
        (state, Step.DESTROY): Way(SampleState.DESTROYED, Permission.RUN_BOOKING)
        for state in _ARRIVED
    },
}


def new_code() -> str:
    """What a label leads to: 80 random bits in 16 letters."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(16))
