"""Where a call stands, what reviews say together, and whether its hours are enough. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

#: Scores of a criterion, from the worst to the best.
SCORES = range(1, 6)


class CallState(StrEnum):
    """In the order in which a call comes through them."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    IN_REVIEW = "in_review"
    DECIDED = "decided"


class ProposalState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class Tie(StrEnum):
    """Why somebody should not review a proposal, as far as the house can tell by itself."""

    OWN = "own"  # they propose it
    INSTITUTION = "institution"  # so does somebody of their institution
    PROJECT = "project"  # … or of a project that they take part in


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a call opens and closes (from the first instant, before the second), and when reviews are due."""

    opens_at: datetime
    closes_at: datetime
    review_until: datetime

    def is_in_order(self) -> bool:
        return all(a < b for a, b in pairwise((self.opens_at, self.closes_at, self.review_until)))


def is_extension(now: Timetable, wanted: Timetable, at: datetime) -> bool:
    """Whether a call may have these times instead of its own: more time, never less, and what is over stays over."""
    return (
        wanted.is_in_order()
        and wanted.opens_at == now.opens_at
        and wanted.closes_at >= now.closes_at
        and wanted.review_until >= now.review_until
        and (wanted.closes_at == now.closes_at or at < now.closes_at)
    )


def state_of(
    times: Timetable,
    at: datetime,
    *,
    announced_at: datetime | None = None,
    decided_at: datetime | None = None,
) -> CallState:
    """Where a call stands at a moment. Nothing is stored: time alone opens and closes it."""
    if decided_at is not None and decided_at <= at:
        return CallState.DECIDED
    if announced_at is None or at < announced_at:
        return CallState.DRAFT
    if at < times.opens_at:
        return CallState.ANNOUNCED
    return CallState.OPEN if at < times.closes_at else CallState.IN_REVIEW


#: Scores by criterion, and weights by criterion.
Scores = Mapping[int, int]
Weights = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the reviews of a proposal say together: the mean of their weighted means, and how far these lie apart."""

    mean: Fraction | None
    spread: Fraction
    reviews: int


def weighted_mean(scores: Scores, weights: Weights) -> Fraction:
    """One review in one exact number from 1 to 5; only how the weights relate to each other counts."""
    total = sum(weights.values())
    return Fraction(sum(scores[each] * weight for each, weight in weights.items()), total)


def standing(reviews: Iterable[Scores], weights: Weights) -> Standing:
    means = [weighted_mean(each, weights) for each in reviews]
    if not means:
        return Standing(None, Fraction(0), 0)
    return Standing(sum(means, Fraction(0)) / len(means), max(means) - min(means), len(means))


def ranked(standings: Mapping[str, Standing]) -> list[str]:
    """References of proposals, the best first: by mean, then by agreement among reviewers; unreviewed ones last."""

    def place(reference: str) -> tuple[bool, Fraction, Fraction, str]:
        it = standings[reference]
        return it.mean is None, -(it.mean or Fraction(0)), it.spread, reference

    return sorted(standings, key=place)


def fits(granted: Iterable[int], total: int) -> bool:
    """Whether so many minutes can be granted out of a call's total."""
    minutes = list(granted)
    return all(each >= 0 for each in minutes) and sum(minutes) <= total


def fit_criteria(scores: Scores, criteria: Sequence[int]) -> bool:
    """Whether these are scores, and each is for one of the criteria."""
    return set(scores) <= set(criteria) and all(each in SCORES for each in scores.values())


@dataclass(frozen=True, slots=True)
class Interests:
    """Somebody, with what could tie them to others."""

    person_id: int
    institution_id: int | None = None
    projects: frozenset[int] = frozenset()


def tie_between(reviewer: Interests, proposers: Iterable[Interests]) -> Tie | None:
    """What ties a reviewer to those who propose something, the closest tie first; None where nothing does."""
    others = list(proposers)
    if any(each.person_id == reviewer.person_id for each in others):
        return Tie.OWN
    institution = reviewer.institution_id
    if institution is not None and any(each.institution_id == institution for each in others):
        return Tie.INSTITUTION
    return Tie.PROJECT if any(reviewer.projects & each.projects for each in others) else None
