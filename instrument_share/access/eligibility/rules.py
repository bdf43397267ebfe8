"""Who is eligible, as pure functions: what an instrument demands beside what a person holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ...catalogue.rules import SafetyClass
from ..rules import Level
from ..screening.rules import ScreeningClass, State
from ..training.rules import UNTRAINED, Training, is_first_use, suffices


class OpenKind(StrEnum):
    """Whom an instrument is open to."""

    ALL = "all"
    COUNTRIES = "countries"
    INSTITUTIONS = "institutions"
    AGREEMENT = "agreement"
    PROJECTS = "projects"


class ConditionCode(StrEnum):
    SIGNED_IN = "signed_in"
    MAIL_VERIFIED = "mail_verified"
    VOUCHED = "vouched"
    IN_SERVICE = "in_service"
    MODE_OFFERED = "mode_offered"
    OPEN_TO = "open_to"
    HOURS_LEFT = "hours_left"
    AGREEMENT_HOLDS = "agreement_holds"
    QUALIFIED = "qualified"
    SCREENED = "screened"
    SAFETY = "safety"


#: What the host sees to, not the person: it stops a request, but no use that the host itself starts.
OF_THE_HOST = frozenset({ConditionCode.IN_SERVICE, ConditionCode.MODE_OFFERED})


@dataclass(frozen=True, slots=True)
class Applicant:
    """What eligibility knows of a person on a day: proofs, home, agreements, projects and training for the instrument.

    `minutes_left` under all agreements that open it; None where that was not asked or nothing was granted.
    """

    mail_verified: bool
    vouched: bool
    country: str | None = None
    institution_id: int | None = None
    has_agreement: bool = False
    training: Training = UNTRAINED
    project_ids: frozenset[int] = frozenset()
    minutes_left: int | None = None
    screening: str = "none"  # how it stands for the class that is asked for: screening.rules


@dataclass(frozen=True, slots=True)
class Demands:
    """What an instrument asks of whoever uses it in `mode` (None: in any mode)."""

    bookable: bool
    modes: frozenset[str]
    mode: str | None
    open_to: Mapping[str, Any]
    level: Level = Level.NONE
    safety_class: str = "none"
    allows_first_use: bool = False
    screening_class: str = "none"

    @property
    def kind(self) -> str:
        """Whom it is open to: an OpenKind."""
        return str(self.open_to.get("kind", OpenKind.ALL))


def is_open_to(open_to: Mapping[str, Any], applicant: Applicant) -> bool:
    """Whether an instrument that is open as `open_to` says is open to the applicant."""
    match open_to.get("kind", OpenKind.ALL):
        case OpenKind.ALL:
            return True
        case OpenKind.COUNTRIES:
            return applicant.country in open_to.get("countries", ())
        case OpenKind.INSTITUTIONS:
            return applicant.institution_id in open_to.get("institutions", ())
        case OpenKind.PROJECTS:
            return not applicant.project_ids.isdisjoint(open_to.get("projects", ()))
        case _:
            return applicant.has_agreement


def conditions_met(demands: Demands, applicant: Applicant | None) -> dict[ConditionCode, bool]:
    """Every condition that applies, in the order in which a person can see to them, and whether it is met.

    A visitor (None) is told of the first step, signing in, beside what holds for everybody.
    """
    met: dict[ConditionCode, bool] = {ConditionCode.SIGNED_IN: applicant is not None}
    if applicant is not None:
        met[ConditionCode.MAIL_VERIFIED] = applicant.mail_verified
        met[ConditionCode.VOUCHED] = applicant.vouched
    met[ConditionCode.IN_SERVICE] = demands.bookable
    if demands.mode is not None:
        met[ConditionCode.MODE_OFFERED] = demands.mode in demands.modes
    met[ConditionCode.OPEN_TO] = demands.kind == OpenKind.ALL or (
        applicant is not None and is_open_to(demands.open_to, applicant)
    )
    if applicant is not None and demands.kind == OpenKind.AGREEMENT:
        met |= _hours(applicant)
    if demands.level != Level.NONE:
        met[ConditionCode.QUALIFIED] = applicant is not None and suffices(
            applicant.training, demands.level, allows_first_use=demands.allows_first_use
        )
    if demands.screening_class != ScreeningClass.NONE:
        met[ConditionCode.SCREENED] = applicant is not None and applicant.screening == State.CLEARED
    if demands.safety_class != SafetyClass.NONE:
        met[ConditionCode.SAFETY] = True  # nothing to hold beforehand: it is told with the request
    return met


def is_supervised(demands: Demands, applicant: Applicant | None) -> bool:
    """Whether the use would be the one for which an operator must be present."""
    return applicant is not None and is_first_use(
        applicant.training, demands.level, allows_first_use=demands.allows_first_use
    )


def _hours(applicant: Applicant) -> dict[ConditionCode, bool]:
    """Where an agreement opens the instrument, some of its hours must be left."""
    if not applicant.has_agreement or applicant.minutes_left is None:
        return {}
    return {ConditionCode.HOURS_LEFT: applicant.minutes_left > 0}
