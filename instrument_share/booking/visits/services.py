"""Entering who comes and when, ticking the tasks, and keeping a facility's list of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete

from ...foundation.database import db, refer
from ...foundation.errors import InvalidInput, NotFound, StaleVersion
from ...foundation.localized import LocalizedText
from ...identity import audit
from ...identity.models import Person
from ..models import Booking
from . import queries
from .errors import DAY_ADVICE, VisitClosed
from .models import TaskTemplate, Visit, Visitor, VisitTask
from .rules import CHANGEABLE, SHIPPED_TASKS, Phase, fault_of_days
from .values import VisitPlan


def enter_visit(
    reference: str, plan: VisitPlan, *, by: Person, at: datetime, version: int | None = None
) -> Visit:
    """Say who comes and when; what was entered before is replaced, and ticked tasks stay ticked.

    Raises NotFound, VisitClosed, StaleVersion and InvalidInput for days that do not fit the booking.
    """
    booking = _to_change(reference, by)
    fault = fault_of_days(plan.arrives_on, plan.departs_on, booking.slot, booking.time_zone)
    if fault:
        field, advice = DAY_ADVICE[fault]
        raise InvalidInput(fields={field: advice})
    visit = queries.visit_of(booking) or _begun(booking)
    if version is not None and version != visit.version:
        raise StaleVersion(version=visit.version)
    visit.arrives_on, visit.departs_on, visit.changed_at = plan.arrives_on, plan.departs_on, at
    visit.visitors.clear()
    db.session.add(visit)
    db.session.flush()
    visit.visitors += [
        Visitor(place=place, **asdict(entry)) for place, entry in enumerate(plan.visitors, 1)
    ]
    audit.record(
        "visit.enter", "booking", reference, by=by.id, at=at, visitors=len(plan.visitors),
        arrives_on=plan.arrives_on.isoformat(), departs_on=plan.departs_on.isoformat(),
    )  # fmt: skip
    db.session.flush()
    return visit


def tick(reference: str, task_id: int, done: bool, *, by: Person, at: datetime) -> VisitTask:
    """Note that a task is done, or that it is not after all. Raises NotFound and VisitClosed."""
    booking = _to_change(reference, by)
    visit = queries.visit_of(booking)
    task = next((each for each in visit.tasks if each.id == task_id), None) if visit else None
    if task is None:
        raise NotFound()
    if done != (task.done_at is not None):
        task.done_at, task.done_by = (at, by) if done else (None, None)
        audit.record("visit.tick", "booking", reference, by=by.id, at=at, task=task_id, done=done)
        db.session.flush()
    return task


def write_tasks(
    slug: str, lists: Mapping[Phase, Sequence[LocalizedText]], *, by: Person, at: datetime
) -> None:
    """Give a facility its own list of tasks for visits entered from now on; an empty one brings back the shipped list.

    Raises NotFound.
    """
    facility = queries.facility_to_manage(by, slug)
    db.session.execute(delete(TaskTemplate).where(TaskTemplate.facility_id == facility.id))
    db.session.add_all(
        TaskTemplate(facility_id=facility.id, phase=phase, place=place, texts=dict(texts))
        for phase, lines in lists.items()
        for place, texts in enumerate(lines, 1)
    )
    audit.record("visit.write_tasks", "facility", slug, by=by.id, at=at)
    db.session.flush()


def _to_change(reference: str, by: Person) -> Booking:
    booking = queries.on_site_booking(by, reference, to_change=True)
    if booking.state not in CHANGEABLE:
        raise VisitClosed()
    if not queries.may_change(by, booking):
        raise NotFound()
    return booking


def _begun(booking: Booking) -> Visit:
    """A visit with the tasks of its facility."""
    own = queries.templates_of(booking.instrument.facility_id)
    lines = [(each.phase, each.texts) for each in own] or _shipped()
    counts: dict[str, int] = {}
    tasks = []
    for phase, texts in lines:
        counts[phase] = counts.get(phase, 0) + 1
        tasks.append(VisitTask(phase=phase, place=counts[phase], texts=dict(texts)))
    return refer(Visit(tasks=tasks), booking=booking)


def _shipped() -> list[tuple[str, Mapping[str, str]]]:
    return [(phase, texts) for phase, lines in SHIPPED_TASKS.items() for texts in lines]
