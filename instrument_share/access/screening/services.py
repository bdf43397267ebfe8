"""Screening: people answer, the office in charge decides, and keeps the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import update

from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound, StaleVersion
from ...foundation.signals import screening_changed
from ...identity import audit
from ...identity.models import Institution, Person
from ..training.rules import expiry_after
from . import queries
from .errors import WrongScreeningState
from .models import Screening, ScreeningChecklist
from .rules import (
    DECISIONS,
    NEEDS_REASON,
    Answer,
    Question,
    ScreeningClass,
    State,
    has_new,
    needs_attention,
    to_ask,
    with_answers,
)


def answer(
    host: Institution,
    screening_class: ScreeningClass,
    given: Mapping[str, Answer],
    *,
    by: Person,
    at: datetime,
) -> Screening:
    """Answer what is asked; what was answered before and is asked alike still holds.

    Without an answer that needs attention it is cleared at once, else the office decides. Raises InvalidInput where
    an answer, or the explanation of one that needs attention, is missing.
    """
    checklist = queries.checklist_of(host, screening_class)
    row = queries.screening_of(by, host, screening_class, to_change=True)
    answers = with_answers(checklist.questions, row.answers if row else {}, given)
    _check_complete(checklist.questions, answers)
    row = row or Screening(person=by, institution=host, screening_class=screening_class)
    row.answers, row.answered_at, row.outdated = answers, at, False
    row.decided_at, row.reason, row.valid_until = None, "", None
    row.state = State.WAITING
    if not needs_attention(checklist.questions, answers):
        row.state = State.CLEARED
        row.valid_until = expiry_after(at.date(), checklist.valid_months)
    db.session.add(row)
    _tell(row, "answered", by, at)
    return row


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
    if decision not in DECISIONS or row.person_id == by.id:
        raise NotFound()
    if version is not None and version != row.version:
        raise StaleVersion()
    origins, leads_to = DECISIONS[decision]
    if row.state not in origins:
        raise WrongScreeningState()
    if decision in NEEDS_REASON and not reason.strip():
        raise InvalidInput(fields={"reason": lazy_gettext("Say why: the person is told.")})
    row.state, row.reason, row.decided_at = leads_to, reason, at
    row.valid_until = None
    if leads_to == State.CLEARED:
        months = queries.checklist_of(
            row.institution, ScreeningClass(row.screening_class)
        ).valid_months
        row.valid_until = expiry_after(at.date(), months)
    _tell(row, str(leads_to), by, at)
    return row


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
    if not queries.may_decide(by, host, screening_class):
        raise NotFound()
    before = queries.checklist_of(host, screening_class)
    if before.version != version:
        raise StaleVersion()
    if not questions:
        raise InvalidInput(fields={"questions": lazy_gettext("Write at least one question.")})
    row = ScreeningChecklist(
        institution_id=host.id,
        screening_class=screening_class,
        version=before.version + 1,
        questions=[asdict(each) for each in questions],
        valid_months=valid_months,
        published_by_id=by.id,
        published_at=at,
    )
    db.session.add(row)
    if has_new(questions, before.questions):
        _ask_again(host, screening_class)
    db.session.flush()
    audit.record(
        "screening.published", "institution", host.slug,
        by=by.id, at=at, screening_class=screening_class, version=row.version,
    )  # fmt: skip
    return row


def _ask_again(host: Institution, screening_class: ScreeningClass) -> None:
    db.session.execute(
        update(Screening)
        .where(
            Screening.institution_id == host.id,
            Screening.screening_class == screening_class,
        )
        .values(outdated=True)
    )


def _check_complete(
    questions: Sequence[Question], answers: Mapping[str, Mapping[str, str]]
) -> None:
    missing = {each.key for each in to_ask(questions, answers)}
    wrong = {f"answer-{key}": lazy_gettext("Answer yes or no.") for key in missing}
    wrong |= {
        f"detail-{each.key}": lazy_gettext("Explain this answer, so that the office can decide.")
        for each in needs_attention(questions, answers)
        if not answers[each.key]["detail"].strip()
    }
    if wrong:
        raise InvalidInput(fields=wrong)


def _tell(row: Screening, what: str, by: Person, at: datetime) -> None:
    db.session.flush()
    audit.record(
        f"screening.{what}", "person", row.person_id,
        by=by.id, at=at, screening_class=row.screening_class, state=row.state,
    )  # fmt: skip
    screening_changed.send(row, what=what, by=by, at=at)
