"""Reading a visit, and what its reader may do with it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from ...catalogue.models import Facility
from ...catalogue.rules import AccessMode
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, Scope, Subject, may, may_judge, subject
from ..models import Booking
from ..queries import booking_for, subject_of
from .models import TaskTemplate, Visit, VisitTask
from .rules import CHANGEABLE


def may_change(person: Person, booking: Booking) -> bool:
    """Applicant, operators and the international office keep visitors and tasks up to date."""
    actor, about = actor_of(person), subject_of(booking)
    keepers = (Permission.EDIT_BOOKING, Permission.RUN_BOOKING, Permission.ISSUE_LETTER)
    return booking.state in CHANGEABLE and any(may(actor, action, about) for action in keepers)


def may_issue(person: Person, booking: Booking) -> bool:
    """The international office; never for a booking of one's own, or of whom one stands in for."""
    return may_judge(actor_of(person), Permission.ISSUE_LETTER, subject_of(booking))


def on_site_booking(person: Person, reference: str, *, to_change: bool = False) -> Booking:
    """A booking on site that the person may see. Raises NotFound."""
    booking = booking_for(person, reference, to_change=to_change)
    if booking.access_mode != AccessMode.ON_SITE:
        raise NotFound()
    return booking


def visit_of(booking: Booking) -> Visit | None:
    """The visit with visitors and tasks, where one was entered."""
    return db.session.scalar(whole_visits().where(Visit.booking_id == booking.id))


def whole_visits() -> Select[Visit]:
    return select(Visit).options(
        selectinload(Visit.visitors),
        selectinload(Visit.tasks).joinedload(VisitTask.done_by),
        joinedload(Visit.booking),
    )


def facility_to_manage(person: Person, slug: str) -> Facility:
    """A facility whose list of tasks the person keeps. Raises NotFound."""
    facility = db.session.scalar(
        select(Facility).options(joinedload(Facility.host)).where(Facility.slug == slug)
    )
    if facility is None or not may(
        actor_of(person), Permission.MANAGE_INSTRUMENT, _about(facility)
    ):
        raise NotFound()
    return facility


def templates_of(facility_id: int) -> Sequence[TaskTemplate]:
    return db.session.scalars(
        select(TaskTemplate)
        .where(TaskTemplate.facility_id == facility_id)
        .order_by(TaskTemplate.phase, TaskTemplate.place)
    ).all()


def _about(facility: Facility) -> Subject:
    return subject(host=(Scope("facility", facility.id), Scope("institution", facility.host_id)))
