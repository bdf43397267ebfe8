"""When a connection is shown to whom, and who looks after which check before the day, as pure functions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from ..rules import State

#: While a booking is in one of these its connection is prepared and used.
CONNECTING = frozenset({State.CONFIRMED, State.IN_USE})


class Check(StrEnum):
    """What is looked at before the day."""

    NETWORK = "network"
    PROGRAM = "program"
    SAMPLES = "samples"
    CONTACT = "contact"


class Doer(StrEnum):
    """Who looks after a check."""

    APPLICANT = "applicant"
    ON_DUTY = "on_duty"  # whoever attends the use


#: Each check has somebody whose it is; how to talk to each other takes both.
DOERS: dict[Check, frozenset[Doer]] = {
    Check.NETWORK: frozenset({Doer.APPLICANT}),
    Check.PROGRAM: frozenset({Doer.APPLICANT}),
    Check.SAMPLES: frozenset({Doer.ON_DUTY}),
    Check.CONTACT: frozenset(Doer),
}


def open_for(doer: Doer, done: Collection[str]) -> list[Check]:
    """The checks that are left for somebody to do."""
    return [check for check, doers in DOERS.items() if doer in doers and check not in done]


def opens_at(starts_at: datetime, opens_minutes: int) -> datetime:
    return starts_at - timedelta(minutes=opens_minutes)


def is_shown(
    state: str, starts_at: datetime, ends_at: datetime, opens_minutes: int, at: datetime
) -> bool:
    """Whether the applicant sees how to connect: from the window's begin to the end, and as long as the use runs."""
    if state == State.IN_USE:
        return True
    return state == State.CONFIRMED and opens_at(starts_at, opens_minutes) <= at < ends_at
