"""Reading messages, and finding out whom a fact concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import and_, bindparam, func, or_, select

from ..booking.models import ApprovalStep, Booking
from ..booking.queries import waiting_for
from ..booking.remote.queries import on_duty_at
from ..booking.routing import pending_steps, roles_asked, scopes_asked
from ..catalogue.models import Instrument
from ..catalogue.queries import scopes_of
from ..foundation.database import db
from ..foundation.errors import NotFound
from ..foundation.http.paging import Page
from ..foundation.many import one_of
from ..foundation.reading import read_columns
from ..identity.acting import holders_of, holders_of_any
from ..identity.models import Person
from ..identity.rules import PROGRAMME, Role
from .models import Message
from .rules import HIDDEN, Audience, Kind


def people_of(audience: Audience, booking: Booking, today: date) -> Sequence[int]:
    """Ids of the people that a fact about the booking concerns."""
    if audience is Audience.APPLICANT:
        return [booking.applicant_id]
    if audience is Audience.DECIDERS:
        return deciders_of(booking, pending_steps(booking), today)
    if audience is Audience.ASKED_NOW:
        now = [step for step in pending_steps(booking) if step.asked_at == booking.changed_at]
        return deciders_of(booking, now, today)
    if audience is Audience.OPERATORS:
        return _holders(Role.OPERATOR, booking, today)
    if audience is Audience.ON_DUTY:
        return on_duty_at(booking) or _holders(Role.OPERATOR, booking, today)
    if audience is Audience.OFFICE:
        return _holders(Role.INTERNATIONAL_OFFICE, booking, today)
    return _asked(booking)


def managers_of(instrument: Instrument, today: date) -> list[int]:
    """Ids of the managers of an instrument, its facility or its host."""
    return holders_of(Role.FACILITY_MANAGER, [*scopes_of(instrument)], today)


def keepers_of(instrument: Instrument, today: date) -> list[int]:
    """Ids of the operators and managers of an instrument."""
    return holders_of_any((Role.OPERATOR, Role.FACILITY_MANAGER), [*scopes_of(instrument)], today)


def inbox_of(person: Person, page: int, page_size: int = 30) -> Page[Message]:
    """The person's messages, the newest first, without those that go by mail alone."""
    mine = (Message.person_id == person.id, Message.kind.not_in(HIDDEN))
    total = db.session.scalar(select(func.count()).select_from(Message).where(*mine)) or 0
    messages = db.session.scalars(
        select(Message)
        .where(*mine)
        .order_by(Message.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    return Page(messages, total, page, page_size)


def unread_count(person: Person) -> int:
    """How many messages the person has not read."""
    return read_columns(_UNREAD, {"reader": person.id}).scalar_one()


def unread_and_waiting(person: Person, *, decides: bool) -> tuple[int, int]:
    """How many messages are unread and, of a person who `decides`, how many requests wait for it: one statement."""
    if not decides:
        return unread_count(person), 0
    requests = waiting_for(person, series_as_one=True).with_only_columns(func.count(Booking.id))
    row = db.session.execute(
        select(_UNREAD.scalar_subquery(), requests.scalar_subquery()), {"reader": person.id}
    ).one()
    return row[0], row[1]


_UNREAD = (
    select(func.count())
    .select_from(Message)
    .where(
        Message.person_id == bindparam("reader"),
        Message.read_at.is_(None),
        ~one_of(Message.kind, sorted(HIDDEN)),
    )
)


def message_for(person: Person, message_id: int) -> Message:
    """The person's own message. Raises NotFound."""
    message = db.session.get(Message, message_id)
    if message is None or message.person_id != person.id or message.kind in HIDDEN:
        raise NotFound()
    return message


def deciders_of(booking: Booking, steps: Iterable[ApprovalStep], today: date) -> list[int]:
    """Everybody whose turn it is by `booking.routing.may_decide` at these steps, and their deputies."""
    asked = {role: scopes_asked(role, booking) for step in steps for role in roles_asked(step)}
    found = (
        holders_of(role, scopes, today, besides=booking.applicant_id)
        for role, scopes in asked.items()
    )
    return sorted({person_id for people in found for person_id in people})


def _holders(role: Role, booking: Booking, today: date) -> list[int]:
    """Who holds the role for the instrument, its facility, its host or the whole programme, and their deputies."""
    return holders_of(role, [PROGRAMME, *scopes_of(booking.instrument)], today)


def _asked(booking: Booking) -> Sequence[int]:
    return db.session.scalars(
        select(Message.person_id)
        .where(
            or_(
                Message.booking_id == booking.id,
                and_(Message.series_id.is_not(None), Message.series_id == booking.series_id),
            ),
            Message.kind == Kind.DECISION_NEEDED,
        )
        .distinct()
        .order_by(Message.person_id)
    ).all()
