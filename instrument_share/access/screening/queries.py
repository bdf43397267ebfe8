"""Reading checklists, one's own screenings, and what waits for an office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ...catalogue.within import institution_within
from ...files.models import StoredFile
from ...foundation.database import db
from ...foundation.errors import Forbidden, NotFound
from ...foundation.http.paging import Page
from ...identity.acting import actor_of
from ...identity.models import Institution, Person
from ...identity.queries import institution_by_slug
from ...identity.rules import (
    InstitutionKind,
    Permission,
    Scope,
    may,
    may_judge,
    scopes_held,
    subject,
)
from .models import Screening, ScreeningChecklist, ScreeningEvidence
from .rules import CLASSES, DECIDED_BY, Question, ScreeningClass, State
from .standard import VALID_MONTHS, question_from, standard_questions

_MOST = 200
_WITH_EVIDENCE = (selectinload(Screening.evidence).joinedload(ScreeningEvidence.file),)


@dataclass(frozen=True, slots=True)
class Checklist:
    """The questions in force for a host and a class; version 0 is the shipped one."""

    host: Institution
    screening_class: ScreeningClass
    version: int
    questions: tuple[Question, ...]
    valid_months: int


def checklist_of(host: Institution, screening_class: ScreeningClass) -> Checklist:
    """The host's last version, or the shipped one."""
    row = db.session.scalar(
        select(ScreeningChecklist)
        .where(
            ScreeningChecklist.institution_id == host.id,
            ScreeningChecklist.screening_class == screening_class,
        )
        .order_by(ScreeningChecklist.version.desc())
        .limit(1)
    )
    if row is None:
        return Checklist(
            host, screening_class, 0, standard_questions(screening_class), VALID_MONTHS
        )
    questions = tuple(question_from(each) for each in row.questions)
    return Checklist(host, screening_class, row.version, questions, row.valid_months)


def hold_questions_of(host: Institution, *, to_answer: bool = False) -> None:
    """Keep a host's checklists as they are until the transaction ends: many may answer, or one publishes another.

    Who answered the one before while a new one came into force would not be asked what is new.
    """
    row = select(Institution.id).where(Institution.id == host.id)
    db.session.execute(row.with_for_update(read=to_answer, key_share=not to_answer))


def host_and_class(slug: str, code: str) -> tuple[Institution, ScreeningClass]:
    """What an address names. Raises NotFound."""
    host = institution_by_slug(slug)
    if host is None or not host.is_host or code not in CLASSES:
        raise NotFound()
    return host, ScreeningClass(code)


def screening_of(
    person: Person, host: Institution, screening_class: ScreeningClass, *, to_change: bool = False
) -> Screening | None:
    """The person's own answers for a host and a class."""
    query = select(Screening).where(
        Screening.person_id == person.id,
        Screening.institution_id == host.id,
        Screening.screening_class == screening_class,
    )
    query = query.options(*_WITH_EVIDENCE)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def screenings_of(person: Person) -> Sequence[Screening]:
    """All of the person's own."""
    return db.session.scalars(
        select(Screening)
        .where(Screening.person_id == person.id)
        .options(joinedload(Screening.institution))
        .order_by(Screening.answered_at.desc())
    ).all()


def may_decide(person: Person, host: Institution, screening_class: str) -> bool:
    """Whether the person is of the office in charge of a class at a host."""
    permission = DECIDED_BY[ScreeningClass(screening_class)]
    return may(actor_of(person), permission, subject(host=(Scope("institution", host.id),)))


def may_decide_on(person: Person, row: Screening) -> bool:
    """The same of somebody's answers: never on one's own, or as a deputy of whose they are."""
    host = Scope("institution", row.institution_id)
    about = subject(owner_id=row.person_id, host=(host,))
    return may_judge(actor_of(person), DECIDED_BY[ScreeningClass(row.screening_class)], about)


def queue_of(person: Person) -> Sequence[Screening]:
    """What the person may decide or withdraw, what waits longest first."""
    waits = Screening.state != State.WAITING
    return db.session.scalars(
        select(Screening)
        .where(_decided_by(person))
        .options(
            joinedload(Screening.institution),
            joinedload(Screening.person).joinedload(Person.institution),
        )
        .order_by(waits, Screening.answered_at)
        .limit(_MOST)
    ).all()


def own_page(person: Person, state: str, page: int, page_size: int) -> Page[Screening]:
    """A page of the person's own, the latest first; with a `state`, of those in it."""
    latest = (Screening.answered_at.desc(), Screening.id.desc())
    return _page(Screening.person_id == person.id, latest, state, page, page_size)


def queue_page(person: Person, state: str, page: int, page_size: int) -> Page[Screening]:
    """A page of what the person may decide or has decided, in the order of `queue_of`. Raises Forbidden."""
    if not has_an_office(person):
        raise Forbidden()
    order = (Screening.state != State.WAITING, Screening.answered_at, Screening.id)
    return _page(_decided_by(person), order, state, page, page_size)


def _page(
    which: ColumnElement[bool],
    order: Sequence[Any],
    state: str,
    page: int,
    page_size: int,
) -> Page[Screening]:
    wanted = and_(which, Screening.state == state) if state else which
    total = db.session.scalar(select(func.count(Screening.id)).where(wanted)) or 0
    rows = db.session.scalars(
        select(Screening)
        .where(wanted)
        .options(
            joinedload(Screening.institution),
            joinedload(Screening.person).joinedload(Person.institution),
        )
        .order_by(*order)
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    return Page(rows, total, page, page_size)


def screening_for(person: Person, screening_id: int) -> Screening:
    """A screening for whom it is about, or for its office. Raises NotFound for everybody else."""
    query = select(Screening).where(Screening.id == screening_id).options(*_WITH_EVIDENCE)
    row = db.session.scalar(query)
    if row is None or row.person_id != person.id:
        return screening_to_decide(screening_id, by=person)
    return row


def checklists_of(person: Person) -> list[tuple[Institution, list[ScreeningClass]]]:
    """The hosts, with the classes whose questions the person may change there."""
    hosts = db.session.scalars(
        select(Institution)
        .where(Institution.kind != InstitutionKind.PARTNER)
        .order_by(Institution.slug)
    ).all()
    own = [(host, list(_decided_there(person, host))) for host in hosts]
    return [(host, classes) for host, classes in own if classes]


def _decided_there(person: Person, host: Institution) -> Iterator[ScreeningClass]:
    return (each for each in CLASSES if may_decide(person, host, each))


def has_an_office(person: Person) -> bool:
    """Whether the person decides about screenings anywhere."""
    actor = actor_of(person)
    return any(scopes_held(actor, permission, "host") for permission in set(DECIDED_BY.values()))


def screening_to_decide(screening_id: int, *, by: Person, to_change: bool = False) -> Screening:
    """A screening for its office. Raises NotFound for everybody else."""
    query = select(Screening).where(Screening.id == screening_id).options(*_WITH_EVIDENCE)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None or not may_decide(by, row.institution, row.screening_class):
        raise NotFound()
    return row


def evidence_for(person: Person, key: str) -> StoredFile:
    """A file that came with an answer, for the person who sent it, the office that decides, and administrators.

    Raises NotFound for everybody else.
    """
    row = db.session.scalar(
        select(ScreeningEvidence)
        .join(ScreeningEvidence.file)
        .where(StoredFile.key == key)
        .options(joinedload(ScreeningEvidence.file), joinedload(ScreeningEvidence.screening))
    )
    if row is None or not _may_see_evidence(person, row.screening):
        raise NotFound()
    return row.file


def _may_see_evidence(person: Person, row: Screening) -> bool:
    about = subject(owner_id=row.person_id, host=(Scope("institution", row.institution_id),))
    sees = may(actor_of(person), Permission.SEE_EVIDENCE, about)
    return sees or may_decide(person, row.institution, row.screening_class)


def _decided_by(person: Person) -> ColumnElement[bool]:
    ways = [_class_within(person, permission) for permission in sorted(set(DECIDED_BY.values()))]
    return or_(false(), *ways)


def _class_within(person: Person, permission: Permission) -> ColumnElement[bool]:
    held = scopes_held(actor_of(person), permission, "host")
    classes = [each for each, by in DECIDED_BY.items() if by is permission]
    mine = Screening.screening_class.in_(classes)
    return and_(mine, institution_within(Screening.institution_id, held))
