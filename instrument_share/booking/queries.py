"""Reading bookings: one that a person may see, lists, the queue of decisions, what can be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from ..catalogue.models import Facility, Instrument
from ..catalogue.queries import scopes_of
from ..catalogue.within import institution_within, instrument_within
from ..foundation.database import db
from ..foundation.errors import NotFound
from ..foundation.http.paging import Page
from ..identity.acting import actor_of
from ..identity.models import Person
from ..identity.rules import Actor, Permission, Role, Scope, Subject, may, scopes_held, subject
from .charges import charges_of
from .models import ApprovalStep, Booking
from .policies.rules import OFFICES
from .routing import may_decide
from .rules import EARLY_START, LIFECYCLE, Action, State, StepStatus
from .values import BookingFilter


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking as its reader sees it: with its charge lines and what the reader can do with it now."""

    booking: Booking
    charges: list[dict[str, Any]]
    actions: list[Action]


def subject_of(booking: Booking) -> Subject:
    """The booking as the permission table sees it (its instrument and facility must be loaded)."""
    payer = (Scope("institution", booking.institution_id),) if booking.institution_id else ()
    return subject(owner_id=booking.applicant_id, host=scopes_of(booking.instrument), payer=payer)


def booking_for(person: Person, reference: str, *, to_change: bool = False) -> Booking:
    """The booking, when the person may see it; locked where it is about to change. Raises NotFound."""
    query = _TO_CHANGE if to_change else _BY_REFERENCE
    booking = db.session.scalar(query, {"reference": reference})
    if booking is None or not may(actor_of(person), Permission.SEE_BOOKING, subject_of(booking)):
        raise NotFound()
    return booking


def bookings_of(
    person: Person, which: BookingFilter, page: int = 1, page_size: int = 50
) -> Page[Booking]:
    """The bookings that the person may see, the latest first."""
    visible = _visible_to(actor_of(person), mine=which.mine)
    matching = _joined(select(Booking)).where(visible, *_fitting(which))
    total = db.session.scalar(matching.with_only_columns(func.count(Booking.id))) or 0
    rows = db.session.scalars(
        with_people(matching, joined=True)
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Page(rows.all(), total, page, page_size)


def approvals_for(
    person: Person,
    page: int = 1,
    page_size: int = 50,
    *,
    instrument: str | None = None,
    series_as_one: bool = False,
) -> Page[Booking]:
    """The requests that wait for this person's decision, the most urgent first.

    With `series_as_one` the occurrences of a series that wait at the same step are told by the first of them.
    """
    matching = waiting_for(person, series_as_one=series_as_one)
    if instrument is not None:
        matching = matching.where(Instrument.slug == instrument)
    rows = db.session.execute(
        with_people(matching, joined=True)
        .add_columns(func.count().over())
        .order_by(ApprovalStep.due_at, Booking.starts_at, Booking.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    if not rows and page > 1:  # beyond the last page nothing tells how many there are
        counted = db.session.scalar(matching.with_only_columns(func.count(Booking.id)))
        return Page([], counted or 0, page, page_size)
    return Page([row[0] for row in rows], rows[0][1] if rows else 0, page, page_size)


def waiting_for(person: Person, *, series_as_one: bool = False) -> Select[Booking]:
    """The query of the requests that wait for this person's decision, each with instrument, facility and the first step
    that is theirs; with `series_as_one` a series that waits at one step is its first occurrence.
    """
    theirs, earlier = partial(_decided_by, actor_of(person)), aliased(ApprovalStep)
    matching = (
        _joined(select(Booking))
        .join(ApprovalStep, ApprovalStep.booking_id == Booking.id)
        .where(
            Booking.state == State.SUBMITTED,
            ApprovalStep.status == StepStatus.PENDING,
            Booking.applicant_id != person.id,
            theirs(ApprovalStep),
            ~exists().where(
                earlier.booking_id == Booking.id,
                earlier.status == StepStatus.PENDING,
                earlier.id < ApprovalStep.id,
                theirs(earlier),
            ),
        )
    )
    if series_as_one:
        # Said first, so that no plan looks for the others of what is no series.
        matching = matching.where(or_(Booking.series_id.is_(None), ~_has_one_before()))
    return matching


def views_of(bookings: Sequence[Booking], person: Person, at: datetime) -> list[BookingView]:
    """The bookings with their charges, read for all of them at once, and the reader's actions."""
    charges = charges_of([booking.id for booking in bookings if booking.ended_at])
    return [
        BookingView(booking, charges.get(booking.id, []), actions_open_to(person, booking, at))
        for booking in bookings
    ]


def actions_open_to(person: Person, booking: Booking, at: datetime) -> list[Action]:
    """What the person can do with the booking now, in the order of the lifecycle."""
    actor, about = actor_of(person), subject_of(booking)
    return [
        action
        for (state, action), way in LIFECYCLE.items()
        if state == booking.state
        and way.permission is not None
        and may(actor, way.permission, about)
        and _is_time_for(action, booking, at)
        and (way.permission != Permission.DECIDE or may_decide(booking, actor))
    ]


def _is_time_for(action: Action, booking: Booking, at: datetime) -> bool:
    match action:
        case Action.START:
            return at >= booking.starts_at - EARLY_START
        case Action.MARK_NO_SHOW:
            return at >= booking.starts_at
        case Action.SUBMIT | Action.RESCHEDULE:
            return booking.starts_at > at or booking.state in (State.DRAFT, State.CHANGES_REQUESTED)
        case _:
            return True


def _joined(query: Select[Booking]) -> Select[Booking]:
    return query.join(Booking.instrument).join(Instrument.facility)


def with_people(query: Select[Booking], *, joined: bool = False) -> Select[Booking]:
    """Everything that a page or an answer tells of bookings, in a fixed number of statements."""
    load = contains_eager if joined else joinedload
    instrument = load(Booking.instrument)
    facility = (instrument.contains_eager if joined else instrument.joinedload)(Instrument.facility)
    return query.options(
        facility.joinedload(Facility.host),
        joinedload(Booking.applicant),
        joinedload(Booking.institution),
        joinedload(Booking.agreement),
        joinedload(Booking.project),
        joinedload(Booking.series),
        selectinload(Booking.steps).options(
            joinedload(ApprovalStep.decided_by), joinedload(ApprovalStep.decided_for)
        ),
        selectinload(Booking.samples),
    )


# Put together once: to do so for every booking that is asked for takes a quarter of what it takes to read it.
_BY_REFERENCE = with_people(select(Booking)).where(Booking.reference == bindparam("reference"))
_TO_CHANGE = _BY_REFERENCE.with_for_update(of=Booking).execution_options(populate_existing=True)


def _visible_to(actor: Actor, *, mine: bool) -> ColumnElement[bool]:
    own = Booking.applicant_id == actor.person_id
    if mine:
        return own
    by_host = instrument_within(scopes_held(actor, Permission.SEE_BOOKING, "host"))
    payers = scopes_held(actor, Permission.SEE_BOOKING, "payer")
    return or_(own, by_host, institution_within(Booking.institution_id, payers))


def _has_one_before() -> ColumnElement[bool]:
    """Condition on a query of Booking and its pending step: another of its series waits there before it."""
    other, step = aliased(Booking), aliased(ApprovalStep)
    return exists().where(
        other.series_id == Booking.series_id,
        other.id < Booking.id,
        other.state == State.SUBMITTED,
        step.booking_id == other.id,
        step.status == StepStatus.PENDING,
        step.role == ApprovalStep.role,
    )


def _decided_by(actor: Actor, step: type[ApprovalStep]) -> ColumnElement[bool]:
    """Condition on a query of Booking, Instrument and Facility: the pending step is theirs to decide.

    Nobody decides as the deputy of the applicant.
    """
    own = [_asks(step, role, scope) for role, scope in actor.own]
    for_others = [
        and_(_asks(step, each.role, each.scope), Booking.applicant_id != each.holder_id)
        for each in actor.lent
    ]
    return or_(false(), *own, *for_others)


def _asks(step: type[ApprovalStep], role: Role, scope: Scope) -> ColumnElement[bool]:
    """As `routing.roles_asked` and `scopes_asked` have it."""
    is_asked = or_(
        step.role == role, and_(step.escalated_at.is_not(None), step.escalate_to == role)
    )
    return and_(is_asked, _on_payer(scope) if OFFICES.get(role) == "payer" else _on_host(scope))


def _on_payer(scope: Scope) -> ColumnElement[bool]:
    match scope.kind:
        case "programme":
            return true()
        case "institution":
            return Booking.institution_id == scope.id
        case _:
            return false()


def _on_host(scope: Scope) -> ColumnElement[bool]:
    """Condition on a query of Booking, Instrument and Facility: the scope covers the instrument."""
    match scope.kind:
        case "programme":
            return true()
        case "institution":
            return Facility.host_id == scope.id
        case "facility":
            return Instrument.facility_id == scope.id
        case _:
            return Booking.instrument_id == scope.id


def _fitting(which: BookingFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if which.state:
        conditions.append(Booking.state == which.state)
    if which.instrument:
        conditions.append(Instrument.slug == which.instrument)
    if which.since:
        conditions.append(Booking.ends_at > which.since)
    if which.until:
        conditions.append(Booking.starts_at < which.until)
    if which.words:
        named = select(Person.id).where(Person.display_name.icontains(which.words, autoescape=True))
        is_it = Booking.reference == which.words.upper()
        conditions.append(or_(is_it, Booking.applicant_id.in_(named)))
    return conditions
