"""What an agreement may become, what is carried into a new year, and how its year will end. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ..rules import AGREEMENT_STEPS, AgreementState

MINUTES_PER_HOUR = 60
#: People are told when so much of a quota is reserved or used.
WARN_AT = (80, 100)


class CarryRule(StrEnum):
    """What becomes of minutes that are left at the end of a year."""

    NONE = "none"
    HOURS = "hours"  # up to so many minutes go on into the next year
    PERCENT = "percent"  # up to so many percent of the yearly quota do


#: An agreement that is in one of these can be changed.
EDITABLE = frozenset({AgreementState.DRAFT, AgreementState.ACTIVE, AgreementState.SUSPENDED})


def may_become(state: str, wanted: AgreementState) -> bool:
    return wanted in AGREEMENT_STEPS[AgreementState(state)]


def carried_minutes(rule: str, amount: int, left: int, yearly: int) -> int:
    """How many of the minutes that are `left` go on into the next year; never more than are left, never below zero."""
    match rule:
        case CarryRule.HOURS:
            most = amount
        case CarryRule.PERCENT:
            most = yearly * amount // 100
        case _:
            most = 0
    return max(0, min(left, most))


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many minutes will have been used when the year ends, and how many of them nobody has reserved yet."""

    minutes: int
    unreserved: int


def forecast(used: int, reserved: int, first: date, last: date, today: date) -> Forecast:
    """What will have been used by `last`, from what was used since `first` and what is reserved.

    Use goes on at its pace so far: minutes used per day since `first`, times the days that remain. What is reserved
    counts in any case; only where the pace asks for more than is reserved, the difference is added. Before the first
    day and after the last one nothing is added to what is known.
    """
    gone = (today - first).days
    to_come = (last - today).days + 1
    if gone <= 0 or to_come <= 0:
        return Forecast(used + reserved, 0)
    at_this_pace = used * to_come // gone
    unreserved = max(0, at_this_pace - reserved)
    return Forecast(used + reserved + unreserved, unreserved)


def thresholds_passed(taken: int, granted: int) -> list[int]:
    """The percentages of `WARN_AT` that what is reserved or used has reached."""
    if granted <= 0:
        return []
    return [percent for percent in WARN_AT if taken * 100 >= granted * percent]


def days_in_year(valid_from: date, valid_until: date, year: int) -> tuple[date, date] | None:
    """The first and last day of a year on which an agreement is valid, if any."""
    first, last = max(valid_from, date(year, 1, 1)), min(valid_until, date(year, 12, 31))
    return (first, last) if first <= last else None
