"""Projects are begun and changed, people come and go, and time is allocated."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...catalogue.models import Facility
from ...foundation.database import db
from ...foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from ...foundation.identifiers import new_reference
from ...foundation.signals import allocation_changed, project_changed
from ...identity import audit
from ...identity.models import Person
from ...identity.queries import actor_of, person_by_email
from ...identity.rules import Action, Scope, may, subject
from ..models import Agreement, Project, ProjectAllocation, ProjectCandidate
from ..queries import agreement_of
from .errors import LeadStays, ProjectOver
from .queries import Standing, project_of, standing_of, subject_of
from .rules import CandidateKind, Period, collides_with_any, runs_on
from .values import AllocationDraft, ProjectDraft


def create_project(draft: ProjectDraft, *, by: Person, at: datetime) -> Project:
    """Begin a project; its lead is told and its first member. Raises InvalidInput, Forbidden."""
    project = Project(reference=new_reference("PR", 6), members=[], candidates=[], allocations=[])
    _write(project, draft, by)
    if not may(actor_of(by), Action.MANAGE_PROJECT, subject_of(project)):
        raise Forbidden()
    db.session.add(project)
    _tell(project, "created", by, at, person=project.lead)
    return project


def change_project(
    reference: str, draft: ProjectDraft, *, by: Person, at: datetime, version: int | None = None
) -> Project:
    """Write a project anew; another lead is told. Raises as `create_project`, and StaleVersion."""
    project, _ = _led(reference, by)
    if version is not None and version != project.version:
        raise StaleVersion(version=project.version)
    before = project.lead_id
    agreement = project.agreement
    _write(project, draft, by)
    if project.agreement is not agreement:
        about = subject_of(project)
        if not may(actor_of(by), Action.MANAGE_PROJECT, about):
            raise Forbidden()
    db.session.flush()
    other = project.lead if project.lead_id != before else None
    _tell(project, "lead" if other else "changed", by, at, person=other)
    return project


def invite(reference: str, email: str, *, by: Person, at: datetime) -> ProjectCandidate:
    """Ask somebody to take part; they are a member once they agree. Who asked to join before is taken in at once.

    Raises InvalidInput where nobody of that address can be invited, ProjectOver, Forbidden.
    """
    project, _ = _led(reference, by)
    _check_runs(project, at)
    person = person_by_email(email)
    if person is None or not person.is_active:
        raise InvalidInput(
            fields={"email": lazy_gettext("Nobody has an account with this address.")}
        )
    if any(each.id == person.id for each in project.members):
        raise InvalidInput(fields={"email": lazy_gettext("This person is a member already.")})
    present = _candidate(project, person.id)
    if present is not None and present.kind == CandidateKind.ASKS:
        _take_in(project, present)
        _tell(project, "accepted", by, at, person=person)
        return present
    candidate = present or ProjectCandidate(
        person=person, person_id=person.id, kind=CandidateKind.INVITED, note="", at=at
    )
    if present is None:
        project.candidates.append(candidate)
        _tell(project, "invited", by, at, person=person)
    return candidate


def answer_invitation(reference: str, accept: bool, *, by: Person, at: datetime) -> Project:
    """Agree to take part, or decline. Raises NotFound where nobody asked."""
    project = project_of(reference)
    candidate = _candidate(project, by.id)
    if candidate is None or candidate.kind != CandidateKind.INVITED:
        raise NotFound()
    if accept:
        _check_runs(project, at)
        _take_in(project, candidate)
    else:
        project.candidates.remove(candidate)
    _tell(project, "joined" if accept else "declined", by, at, person=by)
    return project


def ask_to_join(reference: str, note: str, *, by: Person, at: datetime) -> Project:
    """Ask the lead for a place; who was invited is a member at once. Asking again changes the note.

    Raises ProjectOver.
    """
    project = project_of(reference)
    _check_runs(project, at)
    if any(each.id == by.id for each in project.members):
        return project
    candidate = _candidate(project, by.id)
    if candidate is not None and candidate.kind == CandidateKind.INVITED:
        return answer_invitation(reference, True, by=by, at=at)
    if candidate is not None:
        candidate.note = note
        return project
    project.candidates.append(
        ProjectCandidate(person=by, person_id=by.id, kind=CandidateKind.ASKS, note=note, at=at)
    )
    _tell(project, "asked", by, at, person=by, note=note)
    return project


def answer_request(
    reference: str, person_id: int, accept: bool, *, by: Person, at: datetime
) -> Project:
    """Take somebody in who asked to join, or not; they are told. Raises NotFound where nobody asked."""
    project, _ = _led(reference, by)
    candidate = _candidate(project, person_id)
    if candidate is None or candidate.kind != CandidateKind.ASKS:
        raise NotFound()
    if accept:
        _check_runs(project, at)
        _take_in(project, candidate)
    else:
        project.candidates.remove(candidate)
    _tell(project, "accepted" if accept else "refused", by, at, person=candidate.person)
    return project


def remove_member(reference: str, person_id: int, *, by: Person, at: datetime) -> Project:
    """End somebody's part in a project, or their invitation: the lead everybody's, members their own.

    Raises NotFound, Forbidden, LeadStays.
    """
    project = project_of(reference)
    standing = standing_of(by, project)
    if person_id != by.id and not standing.may_lead:
        raise Forbidden() if standing.is_inside else NotFound()
    if person_id == project.lead_id:
        raise LeadStays()
    candidate = _candidate(project, person_id)
    member = next((each for each in project.members if each.id == person_id), None)
    if candidate is None and member is None:
        raise NotFound()
    if candidate is not None:
        project.candidates.remove(candidate)
    if member is not None:
        project.members.remove(member)
    gone = member or (candidate.person if candidate else by)
    _tell(project, "left" if gone.id == by.id else "removed", by, at, person=gone)
    return project


def allocate(
    reference: str, draft: AllocationDraft, *, by: Person, at: datetime
) -> ProjectAllocation:
    """Give a project minutes for a period: its bookings in it take them before anything else.

    Raises InvalidInput where the period collides with another one of it, and Forbidden where `by` does not speak for
    the facility (for the programme, where none is named).
    """
    project = project_of(reference)
    facility = _facility(draft.facility)
    _check_may_allocate(facility, by)
    if draft.ends_on < draft.starts_on:
        raise InvalidInput(
            fields={"ends_on": lazy_gettext("Choose a last day on or after the first.")}
        )
    period = Period(draft.starts_on, draft.ends_on, facility.id if facility else None)
    others = (Period(it.starts_on, it.ends_on, it.facility_id) for it in project.allocations)
    if collides_with_any(period, others):
        raise InvalidInput(
            fields={
                "starts_on": lazy_gettext(
                    "The project has time there for some of these days already. Change that instead."
                )
            }
        )
    allocation = ProjectAllocation(
        facility=facility, facility_id=period.facility_id,
        starts_on=period.starts_on, ends_on=period.ends_on,
        minutes=draft.minutes, granted_by_id=by.id, granted_at=at,
    )  # fmt: skip
    project.allocations.append(allocation)
    project.allocated = True
    _grant(project, allocation, by, at)
    return allocation


def change_allocation(
    reference: str, allocation_id: int, minutes: int, *, by: Person, at: datetime
) -> ProjectAllocation:
    """Raise or lower what a project may use in a period, never below what is reserved and used.

    Raises NotFound, Forbidden, InvalidInput.
    """
    project = project_of(reference)
    allocation = next((it for it in project.allocations if it.id == allocation_id), None)
    if allocation is None:
        raise NotFound()
    _check_may_allocate(allocation.facility, by)
    allocation.minutes = minutes
    _grant(project, allocation, by, at)
    return allocation


def _grant(project: Project, allocation: ProjectAllocation, by: Person, at: datetime) -> None:
    db.session.flush()
    audit.record(
        "project.allocated", "project", project.reference, by=by.id, at=at,
        minutes=allocation.minutes, starts_on=allocation.starts_on.isoformat(),
        ends_on=allocation.ends_on.isoformat(),
        facility=allocation.facility.slug if allocation.facility else None,
    )  # fmt: skip
    allocation_changed.send(allocation, by=by, at=at)
    if project.lead is not None:
        project_changed.send(
            project, what="allocated", person=project.lead, by=by, at=at, note="",
            minutes=allocation.minutes,
        )  # fmt: skip


def _write(project: Project, draft: ProjectDraft, by: Person) -> None:
    if not any(draft.titles.values()):
        raise InvalidInput(fields={"titles": lazy_gettext("Give the project a title.")})
    lead = person_by_email(draft.lead)
    if lead is None or not lead.is_active:
        raise InvalidInput(
            fields={"lead": lazy_gettext("Nobody has an account with this address.")}
        )
    project.titles = {tag: text for tag, text in draft.titles.items() if text}
    project.kind, project.field = draft.kind, draft.field
    project.grant_numbers = list(draft.grant_numbers)
    project.ends_on = draft.ends_on
    project.agreement = _agreement(draft.agreement, by, project.agreement)
    project.lead, project.lead_id = lead, lead.id
    if all(each.id != lead.id for each in project.members):
        project.members.append(lead)


def _agreement(reference: str | None, by: Person, now: Agreement | None) -> Agreement | None:
    if not reference:
        return None
    if now is not None and now.reference == reference:
        return now
    try:
        return agreement_of(by, reference)
    except NotFound:
        sentence = lazy_gettext("There is no such agreement.")
        raise InvalidInput(fields={"agreement": sentence}) from None


def _led(reference: str, by: Person) -> tuple[Project, Standing]:
    project = project_of(reference)
    standing = standing_of(by, project)
    if not standing.may_lead:
        raise Forbidden()
    return project, standing


def _check_runs(project: Project, at: datetime) -> None:
    if not runs_on(project.ends_on, at.date()):
        raise ProjectOver()


def _candidate(project: Project, person_id: int) -> ProjectCandidate | None:
    return next((it for it in project.candidates if it.person_id == person_id), None)


def _take_in(project: Project, candidate: ProjectCandidate) -> None:
    project.candidates.remove(candidate)
    project.members.append(candidate.person)


def _facility(slug: str | None) -> Facility | None:
    if not slug:
        return None
    found = db.session.scalar(
        select(Facility).where(Facility.slug == slug).options(joinedload(Facility.host))
    )
    if found is None:
        raise InvalidInput(fields={"facility": lazy_gettext("There is no such facility.")})
    return found


def _check_may_allocate(facility: Facility | None, by: Person) -> None:
    scopes: tuple[Scope, ...] = ()
    if facility is not None:
        scopes = (Scope("facility", facility.id), Scope("institution", facility.host_id))
    if not may(actor_of(by), Action.ALLOCATE_TIME, subject(host=scopes)):
        raise Forbidden()


def _tell(
    project: Project, what: str, by: Person, at: datetime, *, person: Person | None, note: str = ""
) -> None:
    db.session.flush()
    details: dict[str, Any] = {"person": person.id} if person is not None else {}
    audit.record(f"project.{what}", "project", project.reference, by=by.id, at=at, **details)
    project_changed.send(project, what=what, person=person, by=by, at=at, note=note, minutes=0)
