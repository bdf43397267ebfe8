"""Time is allocated to a project, by period and facility."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ....catalogue.models import Facility
from ....foundation.database import db
from ....foundation.errors import Forbidden, InvalidInput, NotFound
from ....foundation.signals import allocation_changed, project_changed
from ....identity import audit
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Permission, Scope, may, subject
from ..models import Project, ProjectAllocation
from ..queries import project_of
from ..rules import Period, collides_with_any
from ..values import AllocationDraft


def allocate(
    reference: str, draft: AllocationDraft, *, by: Person, at: datetime
) -> ProjectAllocation:
    """Give a project minutes for a period: its bookings in it take them before anything else.

    Raises InvalidInput where the period collides with another one of it, and Forbidden where `by` does not speak for
    the facility (for the programme, where none is named).
    """
    project = project_of(reference, to_change=True)
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
    allocation = give_time(project, draft, facility, by=by, at=at)
    _tell(project, allocation, by, at)
    return allocation


def give_time(
    project: Project, draft: AllocationDraft, facility: Facility | None, *, by: Person, at: datetime
) -> ProjectAllocation:
    """Write down the time and grant it in the ledger. Whether `by` may, the caller has asked; nobody is told."""
    allocation = ProjectAllocation(
        facility=facility, facility_id=facility.id if facility else None,
        starts_on=draft.starts_on, ends_on=draft.ends_on,
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
    project = project_of(reference, to_change=True)
    allocation = next((it for it in project.allocations if it.id == allocation_id), None)
    if allocation is None:
        raise NotFound()
    _check_may_allocate(allocation.facility, by)
    allocation.minutes = minutes
    _grant(project, allocation, by, at)
    _tell(project, allocation, by, at)
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


def _tell(project: Project, allocation: ProjectAllocation, by: Person, at: datetime) -> None:
    if project.lead is not None:
        project_changed.send(
            project, what="allocated", person=project.lead, by=by, at=at, note="",
            minutes=allocation.minutes,
        )  # fmt: skip


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
    if not may(actor_of(by), Permission.ALLOCATE_TIME, subject(host=scopes)):
        raise Forbidden()
