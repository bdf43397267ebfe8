"""Screening: people answer, the office in charge decides, and keeps the questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import update
from werkzeug.datastructures import FileStorage

from ...files.services import keep_file
from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound, StaleVersion
from ...foundation.signals import screening_changed
from ...identity import audit
from ...identity.models import Institution, Person
from ..training.rules import expiry_after
from . import queries
from .errors import WrongScreeningState
from .models import Screening, ScreeningChecklist, ScreeningEvidence
from .rules import (
    DECISIONS,
    NEEDS_REASON,
    Answer,
    Question,
    ScreeningClass,
    State,
    clears_itself,
    has_new,
    needs_evidence,
    needs_explanation,
    to_ask,
    with_answers,
)

_NONE: Mapping[str, FileStorage] = MappingProxyType({})


def answer(
    host: Institution,
    screening_class: ScreeningClass,
    given: Mapping[str, Answer],
    files: Mapping[str, FileStorage] = _NONE,
    *,
    by: Person,
    at: datetime,
) -> Screening:
    """Answer what is asked; what was answered before and is asked alike still holds, with its file.

    `files` are the evidence that comes with given answers, by key of the question. Without an answer that needs
    attention it is cleared at once, unless the office has it, or has spoken against it: else it decides.

    Raises InvalidInput where an answer, the explanation of one that needs attention, or a file that is demanded, is
    missing, and UnacceptableFile.
    """
    queries.hold_questions_of(host, to_answer=True)
    checklist = queries.checklist_of(host, screening_class)
    row = queries.screening_of(by, host, screening_class, to_change=True)
    answers = with_answers(checklist.questions, row.answers if row else {}, given)
    sent = _wanted(files, checklist.questions, answers, given)
    _check_complete(checklist.questions, answers, sent.keys())
    row = row or Screening(person=by, institution=host, screening_class=screening_class)
    _keep_evidence(row, answers, sent, by, at)
    _judge(row, checklist, answers, at)
    db.session.add(row)
    _tell(row, "answered", by, at)
    return row


def _wanted(
    files: Mapping[str, FileStorage],
    questions: Sequence[Question],
    answers: Mapping[str, Mapping[str, Any]],
    given: Mapping[str, Answer],
) -> dict[str, FileStorage]:
    """The files that answers given now demand; others are not kept."""
    return {
        each.key: files[each.key]
        for each in needs_evidence(questions, answers)
        if each.key in files and each.key in given
    }


def _judge(
    row: Screening, checklist: queries.Checklist, answers: dict[str, dict[str, Any]], at: datetime
) -> None:
    """It is cleared at once, or waits for the office, whatever was decided on the answers before."""
    row.answers, row.answered_at, row.outdated = answers, at, False
    row.decided_at, row.reason = None, ""
    before = State(row.state) if row.state else None
    is_clear = clears_itself(before, checklist.questions, answers)
    _enter(row, State.CLEARED if is_clear else State.WAITING, checklist.valid_months, at)


def decide(
    screening_id: int,
    decision: str,
    reason: str,
    *,
    by: Person,
    at: datetime,
    version: int | None = None,
) -> Screening:
    """Approve, decline, ask back, or withdraw what was cleared; the person is told, and why.

    Raises NotFound for who is not of the office, InvalidInput without a reason where one is needed, StaleVersion
    where it was answered anew meanwhile, and WrongScreeningState.
    """
    row = queries.screening_to_decide(screening_id, by=by, to_change=True)
    if decision not in DECISIONS or not queries.may_decide_on(by, row):
        raise NotFound()
    if version is not None and version != row.version:
        raise StaleVersion()
    origins, leads_to = DECISIONS[decision]
    if row.state not in origins:
        raise WrongScreeningState()
    if decision in NEEDS_REASON and not reason.strip():
        raise InvalidInput(fields={"reason": lazy_gettext("Say why: the person is told.")})
    checklist = queries.checklist_of(row.institution, ScreeningClass(row.screening_class))
    row.reason, row.decided_at = reason, at
    _enter(row, leads_to, checklist.valid_months, at)
    _tell(row, str(leads_to), by, at)
    return row


def _enter(row: Screening, state: State, valid_months: int | None, at: datetime) -> None:
    """The state that it has from now on; only what is cleared holds until some day."""
    is_clear = state == State.CLEARED
    row.state = state
    row.valid_until = expiry_after(at.date(), valid_months) if is_clear else None


def publish(
    host: Institution,
    screening_class: ScreeningClass,
    questions: Sequence[Question],
    valid_months: int,
    *,
    by: Person,
    at: datetime,
    version: int,
) -> ScreeningChecklist:
    """Put a new version of a host's checklist into force. Whoever answered the one before is asked what is new.

    Raises NotFound for who is not of the office, InvalidInput without a question, and StaleVersion where somebody
    published another one since `version`.
    """
    before = _questions_to_change(host, screening_class, by, version)
    if not questions:
        raise InvalidInput(fields={"questions": lazy_gettext("Write at least one question.")})
    row = ScreeningChecklist(
        institution_id=host.id,
        screening_class=screening_class,
        version=version + 1,
        questions=[asdict(each) for each in questions],
        valid_months=valid_months,
        published_by_id=by.id,
        published_at=at,
    )
    db.session.add(row)
    if has_new(questions, before):
        _ask_again(host, screening_class)
    db.session.flush()
    audit.record(
        "screening.published", "institution", host.slug,
        by=by.id, at=at, screening_class=screening_class, version=row.version,
    )  # fmt: skip
    return row


def _questions_to_change(
    host: Institution, screening_class: ScreeningClass, by: Person, version: int
) -> Sequence[Question]:
    """The questions in force, locked."""
    if not queries.may_decide(by, host, screening_class):
        raise NotFound()
    queries.hold_questions_of(host)
    checklist = queries.checklist_of(host, screening_class)
    if checklist.version != version:
        raise StaleVersion()
    return checklist.questions


def _ask_again(host: Institution, screening_class: ScreeningClass) -> None:
    db.session.execute(
        update(Screening)
        .where(
            Screening.institution_id == host.id,
            Screening.screening_class == screening_class,
        )
        .values(outdated=True)
    )


def _keep_evidence(
    row: Screening,
    answers: dict[str, dict[str, Any]],
    sent: Mapping[str, FileStorage],
    by: Person,
    at: datetime,
) -> None:
    """Let the answers name the files that came with them, and let go of those that no answer names."""
    for key, upload in sent.items():
        file = keep_file(upload, by=by, at=at, field=f"evidence-{key}")
        answers[key]["evidence"] = file.key
        row.evidence.append(ScreeningEvidence(file=file))
    named = {each.get("evidence") for each in answers.values()}
    row.evidence = [each for each in row.evidence if each.file.key in named]


def _check_complete(
    questions: Sequence[Question], answers: Mapping[str, Mapping[str, str]], sent: Collection[str]
) -> None:
    missing = {each.key for each in to_ask(questions, answers)}
    wrong = {f"answer-{key}": lazy_gettext("Answer yes or no.") for key in missing}
    wrong |= {
        f"detail-{each.key}": lazy_gettext("Explain this answer, so that the office can decide.")
        for each in needs_explanation(questions, answers)
        if not answers[each.key]["detail"].strip()
    }
    wrong |= {
        f"evidence-{each.key}": lazy_gettext("Choose the file that is asked for.")
        for each in needs_evidence(questions, answers)
        if each.key not in sent and "evidence" not in answers[each.key]
    }
    if wrong:
        raise InvalidInput(fields=wrong)


def _tell(row: Screening, what: str, by: Person, at: datetime) -> None:
    db.session.flush()
    audit.record(
        f"screening.{what}", "person", row.person_id,
        by=by.id, at=at, screening_class=row.screening_class, state=row.state,
        evidence=sorted(each.file.sha256 for each in row.evidence),
    )  # fmt: skip
    screening_changed.send(row, what=what, by=by, at=at)
