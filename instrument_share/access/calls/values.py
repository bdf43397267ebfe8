"""Calls, proposals, reviews and grants as they are written down, before they are rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import FileStorage

from ...foundation.localized import LocalizedText
from .rules import Timetable


@dataclass(frozen=True, slots=True)
class CriterionDraft:
    names: LocalizedText
    weight: int


@dataclass(frozen=True, slots=True)
class CallDraft:
    """Minutes are offered by the slug of a facility, on the clock of the first; instruments are named by slug, the
    agreement by reference.
    """

    titles: LocalizedText
    descriptions: LocalizedText
    offers: Mapping[str, int]
    instruments: tuple[str, ...]
    times: Timetable
    starts_on: date
    ends_on: date
    criteria: tuple[CriterionDraft, ...]
    project_kind: str
    agreement: str | None = None


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """Minutes are wished for by an instrument's slug; those who propose it with the lead are named by mail address."""

    title: str
    abstract: str
    field: str
    wishes: Mapping[str, int]
    with_whom: tuple[str, ...] = ()
    file: FileStorage | None = None  # in the place of the one that is there


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """Scores by the id of a criterion."""

    scores: Mapping[int, int]
    to_panel: str
    to_applicant: str
    recommended_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a proposal gets by the slug of a facility (nothing: it is refused), with a text for those who propose it."""

    minutes: Mapping[str, int]
    answer: str
