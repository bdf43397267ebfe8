"""The decisions about screening: which answers need attention, what has to be asked again, and what holds. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from ...foundation.localized import LocalizedText
from ...identity.rules import Permission


class ScreeningClass(StrEnum):
    NONE = "none"
    EXPORT_CONTROL = "export_control"
    BIOSAFETY = "biosafety"
    HUMAN_GENETIC_RESOURCES = "human_genetic_resources"
    RADIATION = "radiation"
    DATA_TRANSFER = "data_transfer"


#: The classes that have a checklist.
CLASSES = tuple(each for each in ScreeningClass if each is not ScreeningClass.NONE)
#: The permission that the office in charge of a class has.
DECIDED_BY: dict[ScreeningClass, Permission] = {
    ScreeningClass.EXPORT_CONTROL: Permission.SCREEN_ABROAD,
    ScreeningClass.HUMAN_GENETIC_RESOURCES: Permission.SCREEN_ABROAD,
    ScreeningClass.DATA_TRANSFER: Permission.SCREEN_ABROAD,
    ScreeningClass.BIOSAFETY: Permission.SCREEN_SAFETY,
    ScreeningClass.RADIATION: Permission.SCREEN_SAFETY,
}


class State(StrEnum):
    """Where a screening stands; only `cleared` lets somebody use instruments of its class."""

    CLEARED = "cleared"
    WAITING = "waiting"  # for the office
    ASKED_BACK = "asked_back"  # the office wants to know more
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # cleared before, and taken back


class Standing(StrEnum):
    """What eligibility makes of a person's screening: its state, or why a cleared one is not enough."""

    NONE = "none"
    ENDED = "ended"
    OUTDATED = "outdated"


#: What the office can do, from which states, and where that leads.
DECISIONS: dict[str, tuple[frozenset[State], State]] = {
    "approve": (frozenset({State.WAITING, State.ASKED_BACK}), State.CLEARED),
    "decline": (frozenset({State.WAITING, State.ASKED_BACK}), State.DECLINED),
    "ask-back": (frozenset({State.WAITING}), State.ASKED_BACK),
    "withdraw": (frozenset({State.CLEARED}), State.WITHDRAWN),
}
#: Decisions that say nothing without a reason.
NEEDS_REASON = frozenset({"decline", "ask-back", "withdraw"})


class Evidence(StrEnum):
    """What a question can demand as a file."""

    LICENCE = "licence"
    ETHICS_APPROVAL = "ethics_approval"
    RISK_ASSESSMENT = "risk_assessment"
    DATA_SHEET = "data_sheet"
    CONTRACT = "contract"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Question:
    """A question answered by yes or no. Whoever answers `attention` says more, and the office decides.

    Whoever answers `evidence_on` sends what `evidence` names, where it names anything, and the office looks at it.
    """

    key: str
    texts: LocalizedText
    attention: str
    evidence: str = ""  # Evidence, or nothing
    evidence_on: str = "yes"

    @property
    def print(self) -> str:
        """What changes when the question does. One without evidence has the print that it had before there was any."""
        document = asdict(self)
        if not self.evidence:
            del document["evidence"], document["evidence_on"]
        said = json.dumps(document, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def demands_file(self, answer: str | None) -> bool:
        return bool(self.evidence) and answer == self.evidence_on


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, and what explains it."""

    answer: str
    detail: str = ""


#: Answers as they are kept: by key of the question, with the print of the question that was asked, and the key of the
#: file that was sent as `evidence`.
Kept = Mapping[str, Mapping[str, Any]]


def to_ask(questions: Sequence[Question], kept: Kept) -> list[Question]:
    """The questions that were never answered like this: new ones, and those that were changed."""
    return [each for each in questions if kept.get(each.key, {}).get("print") != each.print]


def with_answers(
    questions: Sequence[Question], kept: Kept, given: Mapping[str, Answer]
) -> dict[str, dict[str, Any]]:
    """What is kept after answering: given answers before kept ones, and nothing of questions that are gone.

    A file belongs to its answer: it stays as long as the question is the same and still demands it.
    """
    merged: dict[str, dict[str, Any]] = {}
    for each in questions:
        before = kept.get(each.key, {})
        held = dict(before) if before.get("print") == each.print else {}
        if each.key in given:
            said = {**asdict(given[each.key]), "print": each.print}
            stays = "evidence" in held and each.demands_file(said["answer"])
            merged[each.key] = said | ({"evidence": held["evidence"]} if stays else {})
        elif held:
            merged[each.key] = held
    return merged


def needs_explanation(questions: Sequence[Question], kept: Kept) -> list[Question]:
    """The questions whose answers say too little by themselves."""
    return [each for each in questions if kept.get(each.key, {}).get("answer") == each.attention]


def needs_evidence(questions: Sequence[Question], kept: Kept) -> list[Question]:
    """The questions whose answers demand a file, whether or not it is there."""
    return [each for each in questions if each.demands_file(kept.get(each.key, {}).get("answer"))]


def needs_attention(questions: Sequence[Question], kept: Kept) -> list[Question]:
    """The questions whose answers the office has to look at."""
    looked_at = (*needs_explanation(questions, kept), *needs_evidence(questions, kept))
    return [each for each in questions if each in looked_at]


def clears_itself(before: State | None, questions: Sequence[Question], kept: Kept) -> bool:
    """Whether nobody has to look at the answers. What is with the office, or what it has spoken against, stays with it:
    nobody gets around its decision by answering otherwise.
    """
    return before in (None, State.CLEARED) and not needs_attention(questions, kept)


def has_new(questions: Sequence[Question], before: Sequence[Question]) -> bool:
    """Whether somebody who answered the questions before has something to answer."""
    return not {each.print for each in questions} <= {each.print for each in before}
