"""What this floor does when an account is erased, and what must be settled first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cache, partial

from flask_babel import gettext
from sqlalchemy import delete, select, update
from sqlalchemy.orm import selectinload

from ..catalogue.models import Instrument
from ..foundation.database import db
from ..foundation.http.show import localized
from ..identity.acting import actor_of, holders_of
from ..identity.models import Person
from ..identity.own_data.registry import Erasure, Hindrance
from ..identity.rules import Actor, Role, Scope
from .afterwards.models import Aftermath
from .conversation.models import RemarksRead
from .models import ApprovalStep, Booking
from .queries import waiting_for
from .remote.models import Connection
from .routing import pending_steps, roles_asked, scopes_asked
from .rules import LIVE, State
from .visits.models import Visit, Visitor
from .waiting.models import WaitingEntry, WaitingOffer, Watch

_OthersOf = Callable[[Role, tuple[Scope, ...]], frozenset[int]]

#: So many of a kind are looked at: they are settled one by one, and the page is asked for again.
_MOST = 50


def drafts(erasure: Erasure) -> None:
    db.session.execute(
        update(Booking)
        .where(
            Booking.applicant_id == erasure.person.id,
            Booking.state == State.DRAFT,
            Booking.submitted_at.is_(None),
        )
        .values(purpose="")
    )


def visitors(erasure: Erasure) -> None:
    """Other visitors stay named: whom the host expects, or received, is the host's to keep."""
    own = select(Visit.booking_id).join(Visit.booking)
    theirs = Visitor.visit_id.in_(own.where(Booking.applicant_id == erasure.person.id))
    for column in (Visitor.name, Visitor.latin_name):
        db.session.execute(
            update(Visitor)
            .where(theirs, column.in_(list(erasure.copies)))
            .values(name=erasure.called, latin_name=erasure.called)
        )


def waiting_list(erasure: Erasure) -> None:
    own = WaitingEntry.person_id == erasure.person.id
    entries = select(WaitingEntry.id).where(own)
    db.session.execute(delete(WaitingOffer).where(WaitingOffer.entry_id.in_(entries)))
    db.session.execute(delete(WaitingEntry).where(own))
    db.session.execute(delete(Watch).where(Watch.person_id == erasure.person.id))


def reading(erasure: Erasure) -> None:
    db.session.execute(delete(RemarksRead).where(RemarksRead.person_id == erasure.person.id))


def reminders(erasure: Erasure) -> None:
    """Nobody is left to report, nor to be reproached."""
    own = select(Booking.id).where(Booking.applicant_id == erasure.person.id)
    db.session.execute(update(Aftermath).where(Aftermath.booking_id.in_(own)).values(step_at=None))


def live_bookings(person: Person, at: datetime) -> Iterable[Hindrance]:
    """Time that is held for somebody is used by them, or given back."""
    found = db.session.execute(
        select(Booking.reference, Instrument.names)
        .join(Booking.instrument)
        .where(Booking.applicant_id == person.id, Booking.state.in_(sorted(LIVE)))
        .order_by(Booking.starts_at)
        .limit(_MOST)
    )
    for reference, names in found:
        yield Hindrance(
            gettext(
                "%(instrument)s: the booking %(reference)s holds time.",
                instrument=localized(names),
                reference=reference,
            ),
            gettext("Cancel it, or finish its use"),
            "booking.show",
            {"reference": reference},
        )


def needed_in_office(person: Person, at: datetime) -> Iterable[Hindrance]:
    """Requests that would wait for nobody, and visitors from afar who would find nobody."""
    yield from _decisions(person, at.date())
    yield from _connections(person)


def _decisions(person: Person, today: date) -> Iterator[Hindrance]:
    actor = actor_of(person)
    others = cache(partial(_others, besides=person.id, today=today))
    waiting = waiting_for(person).options(selectinload(Booking.steps)).limit(_MOST)
    for booking in db.session.scalars(waiting).unique():
        if any(_is_theirs_alone(step, booking, actor, others) for step in pending_steps(booking)):
            yield Hindrance(
                gettext("Nobody else can decide on %(reference)s.", reference=booking.reference),
                gettext("Decide on it, or have somebody else given the role"),
                "booking.show",
                {"reference": booking.reference},
            )


def _is_theirs_alone(step: ApprovalStep, booking: Booking, actor: Actor, others: _OthersOf) -> bool:
    """Whether the actor may decide on the step, and nobody else."""
    asked = [(role, tuple(scopes_asked(role, booking))) for role in roles_asked(step)]
    if not any(actor.holds(role, *scopes) for role, scopes in asked):
        return False
    left = frozenset().union(*(others(role, scopes) for role, scopes in asked))
    return not left - {booking.applicant_id}


def _others(role: Role, scopes: tuple[Scope, ...], *, besides: int, today: date) -> frozenset[int]:
    return frozenset(holders_of(role, list(scopes), today, besides=besides))


def _connections(person: Person) -> Iterator[Hindrance]:
    found = db.session.scalars(
        select(Booking.reference)
        .join(Connection, Connection.booking_id == Booking.id)
        .where(Connection.operator_id == person.id, Booking.state.in_(sorted(LIVE)))
        .order_by(Booking.starts_at)
        .limit(_MOST)
    )
    for reference in found:
        yield Hindrance(
            gettext("Somebody must be on duty for %(reference)s.", reference=reference),
            gettext("Name another operator"),
            "booking.show",
            {"reference": reference},
        )
