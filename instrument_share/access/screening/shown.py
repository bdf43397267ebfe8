"""Screenings as they are shown, on pages and to scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from ...files.models import StoredFile
from ...foundation.http import show
from .models import Screening
from .queries import Checklist
from .rules import DECISIONS, Question, Standing, State, needs_attention, to_ask


def standing_of(row: Screening, today: date) -> str:
    """Its state, or why a cleared one is not enough any more."""
    if row.state != State.CLEARED:
        return row.state
    if row.outdated:
        return Standing.OUTDATED
    return Standing.ENDED if row.valid_until and row.valid_until < today else row.state


def files_of(row: Screening | None) -> dict[str, StoredFile]:
    """The files that came with the answers, by key of the question."""
    files = {each.file.key: each.file for each in row.evidence} if row else {}
    answers = row.answers if row else {}
    return {
        key: files[each["evidence"]]
        for key, each in answers.items()
        if each.get("evidence") in files
    }


#: Who comes back to any of these answers everything anew.
_ASKED_ANEW = frozenset({State.ASKED_BACK, State.DECLINED, State.WITHDRAWN, Standing.ENDED})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A person's form: the questions that are asked of them now, and what they have answered before."""

    asked: Sequence[Question]
    settled: Sequence[Question]
    answers: Mapping[str, Mapping[str, Any]]  # by key of the question, as are the files
    files: Mapping[str, StoredFile]
    stays: frozenset[str]  # keys of those whose file holds unless another one is sent


def sheet_of(
    checklist: Checklist, row: Screening | None, today: date, *, afresh: bool = False
) -> Sheet:
    """What is new is asked; everything, where they want to answer `afresh` or what they answered is not enough."""
    answers, files = row.answers if row else {}, files_of(row)
    new = to_ask(checklist.questions, answers)
    is_anew = afresh or (row is not None and standing_of(row, today) in _ASKED_ANEW)
    asked = checklist.questions if is_anew else new
    return Sheet(
        asked,
        settled=[each for each in checklist.questions if each not in asked],
        answers=answers,
        files=files,
        stays=frozenset(each.key for each in checklist.questions if each not in new) & files.keys(),
    )


def possible_decisions(row: Screening) -> list[str]:
    """What the office can do with it in its state."""
    return [name for name, (origins, _) in DECISIONS.items() if row.state in origins]


def screening_out(row: Screening, today: date) -> dict[str, Any]:
    """A screening in a list: whose, for whom, of which class, and what came of it."""
    person, home = row.person, row.person.institution
    return {
        "id": row.id,
        "host": row.institution.slug,
        "class": row.screening_class,
        "person": {"name": person.display_name, "institution": home.slug if home else None},
        "state": State(row.state),
        "standing": standing_of(row, today),
        "answered_at": row.answered_at,
        "decided_at": row.decided_at,
        "reason": row.reason,
        "valid_until": row.valid_until,
        "version": row.version,
    }


def screening_out_in_full(
    row: Screening, checklist: Checklist, today: date, *, decides: bool
) -> dict[str, Any]:
    """The same with every answer, and what the caller can decide."""
    return screening_out(row, today) | {
        "questions": list(_answers_out(row, checklist.questions)),
        "decisions": possible_decisions(row) if decides else [],
    }


def checklist_out(checklist: Checklist, row: Screening | None) -> dict[str, Any]:
    """What is asked; `asked` are the keys that the person has to answer, of whom `row` is what was answered before."""
    open_ones = to_ask(checklist.questions, row.answers if row else {})
    return {
        "host": checklist.host.slug,
        "class": checklist.screening_class,
        "version": checklist.version,
        "valid_months": checklist.valid_months,
        "questions": [_question_out(each) for each in checklist.questions],
        "asked": [each.key for each in open_ones],
    }


def _answers_out(row: Screening, questions: Sequence[Question]) -> Iterator[dict[str, Any]]:
    files = files_of(row)
    worrying = needs_attention(questions, row.answers)
    for each in questions:
        said, file = row.answers.get(each.key, {}), files.get(each.key)
        yield _question_out(each) | {
            "answer": said.get("answer"),
            "detail": said.get("detail", ""),
            "needs_attention": each in worrying,
            "evidence_name": file.name if file else None,
            "evidence_url": url_for("screening_api.evidence", key=file.key) if file else None,
        }


def _question_out(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "text": show.localized(question.texts),
        "texts": dict(question.texts),
        "explain_on": question.attention,
        "evidence": question.evidence or None,
        "evidence_on": question.evidence_on if question.evidence else None,
    }
