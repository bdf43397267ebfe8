"""The decisions of access as pure functions: which agreements hold, whom an instrument is open to,
who is eligible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


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


class OpenKind(StrEnum):
    """Whom an instrument is open to."""

    ALL = "all"
    COUNTRIES = "countries"
    INSTITUTIONS = "institutions"
    AGREEMENT = "agreement"


class ConditionCode(StrEnum):
    SIGNED_IN = "signed_in"
    MAIL_VERIFIED = "mail_verified"
    VOUCHED = "vouched"
    IN_SERVICE = "in_service"
    MODE_OFFERED = "mode_offered"
    OPEN_TO = "open_to"
    QUALIFIED = "qualified"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class Applicant:
    """What eligibility knows of a person on a day: proofs, home, agreements and training for the
    instrument.
    """

    mail_verified: bool
    vouched: bool
    country: str | None = None
    institution_id: int | None = None
    has_agreement: bool = False
    level: Level = Level.NONE


@dataclass(frozen=True, slots=True)
class Demands:
    """What an instrument asks of whoever uses it in `mode` (None: in any mode)."""

    bookable: bool
    modes: frozenset[str]
    mode: str | None
    open_to: Mapping[str, Any]
    level: Level = Level.NONE
    safety_class: str = "none"


def holds_on(state: str, valid_from: date, valid_until: date, on: date) -> bool:
    """Whether an agreement can be used on a day (its last day counts)."""
    return state == AgreementState.ACTIVE and valid_from <= on <= valid_until


def is_open_to(open_to: Mapping[str, Any], applicant: Applicant) -> bool:
    """Whether an instrument that is open as `open_to` says is open to the applicant."""
    match open_to.get("kind", OpenKind.ALL):
        case OpenKind.ALL:
            return True
        case OpenKind.COUNTRIES:
            return applicant.country in open_to.get("countries", ())
        case OpenKind.INSTITUTIONS:
            return applicant.institution_id in open_to.get("institutions", ())
        case _:
            return applicant.has_agreement


def is_enough(held: Level, needed: Level) -> bool:
    """Whether training of one level is enough where another is asked for."""
    return _RANKS[held] >= _RANKS[needed]


def conditions_met(demands: Demands, applicant: Applicant | None) -> dict[ConditionCode, bool]:
    """Every condition that applies, in the order in which a person can see to them, and whether it
    is met.

    A visitor (None) is told of the first step, signing in, beside what holds for everybody.
    """
    met: dict[ConditionCode, bool] = {ConditionCode.SIGNED_IN: applicant is not None}
    if applicant is not None:
        met[ConditionCode.MAIL_VERIFIED] = applicant.mail_verified
        met[ConditionCode.VOUCHED] = applicant.vouched
    met[ConditionCode.IN_SERVICE] = demands.bookable
    if demands.mode is not None:
        met[ConditionCode.MODE_OFFERED] = demands.mode in demands.modes
    met[ConditionCode.OPEN_TO] = applicant is not None and is_open_to(demands.open_to, applicant)
    if demands.open_to.get("kind", OpenKind.ALL) == OpenKind.ALL:
        met[ConditionCode.OPEN_TO] = True
    if demands.level != Level.NONE:
        met[ConditionCode.QUALIFIED] = applicant is not None and is_enough(
            applicant.level, demands.level
        )
    if demands.safety_class != "none":
        met[ConditionCode.SAFETY] = True  # nothing to hold beforehand: it is told with the request
    return met
