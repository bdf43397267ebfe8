"""The decisions of access as pure functions: which agreements hold, and which training is enough."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class AgreementState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


#: What an agreement may become; an ended one stays ended.
AGREEMENT_STEPS: dict[AgreementState, frozenset[AgreementState]] = {
    AgreementState.DRAFT: frozenset({AgreementState.ACTIVE, AgreementState.ENDED}),
    AgreementState.ACTIVE: frozenset({AgreementState.SUSPENDED, AgreementState.ENDED}),
    AgreementState.SUSPENDED: frozenset({AgreementState.ACTIVE, AgreementState.ENDED}),
    AgreementState.ENDED: frozenset(),
}


class ProjectKind(StrEnum):
    JOINT_PROJECT = "joint_project"
    JOINT_LABORATORY = "joint_laboratory"
    BIG_SCIENCE_PROGRAMME = "big_science_programme"


class Level(StrEnum):
    """How well somebody is trained on an instrument, and what an instrument asks for."""

    NONE = "none"
    SUPERVISED = "supervised"
    INDEPENDENT = "independent"


_RANKS = {Level.NONE: 0, Level.SUPERVISED: 1, Level.INDEPENDENT: 2}


def holds_on(state: str, valid_from: date, valid_until: date, on: date) -> bool:
    """Whether an agreement can be used on a day (its last day counts)."""
    return state == AgreementState.ACTIVE and valid_from <= on <= valid_until


def is_enough(held: Level, needed: Level) -> bool:
    """Whether training of one level is enough where another is asked for."""
    return _RANKS[held] >= _RANKS[needed]
