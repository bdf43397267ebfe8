"""Reading applications, and what they may be the same as."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from ...foundation.database import db
from ...foundation.errors import Forbidden, NotFound
from ..acting import actor_of
from ..models import Institution, Person, RoleGrant
from ..rules import PERMISSIONS, Permission, scopes_held
from .models import InstitutionApplication
from .rules import ApplicationState


def applications_for(person: Person) -> Sequence[InstitutionApplication]:
    """What waits for a decision, the oldest first, then the latest decisions. Raises Forbidden."""
    if not may_admit(person):
        raise Forbidden()
    waiting = InstitutionApplication.state == ApplicationState.WAITING
    rows = _with_people()
    return [
        *db.session.scalars(rows.where(waiting).order_by(InstitutionApplication.id)),
        *db.session.scalars(
            rows.where(~waiting).order_by(InstitutionApplication.decided_at.desc()).limit(20)
        ),
    ]


def application_for(
    person: Person, reference: str, *, to_change: bool = False
) -> InstitutionApplication:
    """The application, for its applicant and for whoever may decide on it. Raises NotFound."""
    query = _with_people().where(InstitutionApplication.reference == reference)
    if to_change:
        query = query.with_for_update(of=InstitutionApplication)
        query = query.execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None or (found.applicant_id != person.id and not may_admit(person)):
        raise NotFound()
    return found


def hold_what_waits() -> None:
    """Have those who decide on what waits take turns."""
    waits = InstitutionApplication.state == ApplicationState.WAITING
    query = select(InstitutionApplication.id).where(waits).order_by(InstitutionApplication.id)
    db.session.execute(query.with_for_update())


def waiting_of(person: Person) -> InstitutionApplication | None:
    """The person's application that is not decided yet."""
    return db.session.scalar(
        select(InstitutionApplication).where(
            InstitutionApplication.applicant_id == person.id,
            InstitutionApplication.state == ApplicationState.WAITING,
        )
    )


def may_admit(person: Person) -> bool:
    """Whether the person decides on applications: the programme's officers, and any host's international office."""
    return bool(scopes_held(actor_of(person), Permission.ADMIT_INSTITUTION, "host"))


def may_decide_on(person: Person, application: InstitutionApplication) -> bool:
    """Nobody decides on their own application, nor does a deputy on that of whom they stand in for."""
    able = actor_of(person).without(application.applicant_id)
    permitted = scopes_held(able, Permission.ADMIT_INSTITUTION, "host")
    return bool(permitted) and application.applicant_id != person.id


def deciders() -> list[int]:
    """Ids of the active people who decide on applications."""
    roles = {who.role for who in PERMISSIONS[Permission.ADMIT_INSTITUTION]}
    query = (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role.in_(roles), Person.suspended_at.is_(None))
        .distinct()
    )
    return sorted(db.session.scalars(query))


def alike(ror: str | None, domains: Collection[str]) -> list[tuple[str, Institution]]:
    """Institutions that take part and have the same ROR (`ror`) or a mail domain in common (`mail_domains`)."""
    found: list[tuple[str, Institution]] = []
    for each in db.session.scalars(select(Institution).order_by(Institution.slug)):
        if ror is not None and each.ror == ror:
            found.append(("ror", each))
        elif set(each.mail_domains) & set(domains):
            found.append(("mail_domains", each))
    return found


def _with_people() -> Select[InstitutionApplication]:
    return select(InstitutionApplication).options(
        joinedload(InstitutionApplication.applicant),
        joinedload(InstitutionApplication.decided_by),
        joinedload(InstitutionApplication.institution),
    )
