"""Who is told what happens to a booking or a series, from the request to the results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from ...booking.afterwards.models import CreditEntry
from ...booking.availability.alternatives import Alternative
from ...booking.conversation.models import Remark
from ...booking.happenings import Happening
from ...booking.models import ApprovalStep, Booking
from ...booking.routing import pending_steps
from ...booking.rules import Action, State
from ...booking.series.models import Series
from ...booking.series.together import Deed, is_told_together
from ...catalogue.models import OpeningException
from ...foundation.interval import Interval
from ...foundation.signals import (
    booking_changed,
    booking_hit,
    booking_near,
    booking_spared,
    credit_changed,
    decision_escalated,
    decision_near,
    happened,
    remark_made,
    remarks_seen,
    results_overdue,
    series_changed,
)
from ...identity.models import Person
from ..facts import BookingFacts, SeriesFacts
from ..facts.bookings import Offer
from ..queries import deciders_of, managers_of, people_of
from ..remarks import told_of_remark
from ..rules import HAPPENED, Kind, who_is_told
from ..services import mark_remarks_read, tell


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    booking_changed.connect(_booking_changed)
    booking_near.connect(_booking_near)
    decision_near.connect(_decision_near)
    decision_escalated.connect(_decision_escalated)
    series_changed.connect(_series_changed)
    booking_hit.connect(_booking_hit)
    booking_spared.connect(_booking_spared)
    remark_made.connect(_remark_made)
    remarks_seen.connect(_remarks_seen)
    results_overdue.connect(_results_overdue)
    credit_changed.connect(_credit_changed)
    happened.connect(_happened)


def _booking_changed(
    booking: Booking,
    *,
    action: Action,
    was: State | None,
    by: Person | None,
    at: datetime,
    comment: str = "",
    moved_from: Interval | None = None,
    **_: object,
) -> None:
    """One message per person: who is concerned in two ways is told the first."""
    if is_told_together(booking):
        return
    kinds = _kinds_for(booking, action, State(was or booking.state), by, at)
    if kinds:
        facts = BookingFacts.of(booking, by, comment, moved_from)
        tell(kinds, facts, booking_id=booking.id, at=at)


def _booking_near(booking: Booking, *, at: datetime) -> None:
    _remind([booking.applicant_id], Kind.REMINDER, booking, at)


def _decision_near(booking: Booking, *, steps: Sequence[ApprovalStep], at: datetime) -> None:
    _remind(deciders_of(booking, steps, at.date()), Kind.DECISION_REMINDER, booking, at)


def _decision_escalated(booking: Booking, *, steps: Sequence[ApprovalStep], at: datetime) -> None:
    _remind(deciders_of(booking, steps, at.date()), Kind.DECISION_ESCALATED, booking, at)


def _remind(people: Sequence[int], kind: Kind, booking: Booking, at: datetime) -> None:
    kinds = dict.fromkeys(people, kind)
    if kinds:
        tell(kinds, BookingFacts.of(booking), booking_id=booking.id, at=at)


def _series_changed(
    series: Series, *, deeds: Sequence[Deed], by: Person, at: datetime, comment: str, **_: object
) -> None:
    """One message per person and kind for all that was done with a series at once."""
    concerned: dict[Kind, dict[int, list[Booking]]] = {}
    for alike in _alike(deeds):
        first = alike[0]
        kinds = _kinds_for(first.booking, first.action, first.was, by, at)
        for person_id, kind in kinds.items():
            bookings = concerned.setdefault(kind, {}).setdefault(person_id, [])
            bookings += [deed.booking for deed in alike]
    for kind, people in concerned.items():
        for person_id, bookings in people.items():
            one = len(bookings) == 1
            facts = (
                BookingFacts.of(bookings[0], by, comment)
                if one
                else SeriesFacts.of(series, bookings, by, comment)
            )
            tell(
                {person_id: kind}, facts,
                booking_id=bookings[0].id, series_id=None if one else series.id, at=at,
            )  # fmt: skip


def _alike(deeds: Sequence[Deed]) -> Collection[list[Deed]]:
    """Deeds that concern the same people for the same reason."""
    groups: dict[tuple[object, ...], list[Deed]] = {}
    for deed in deeds:
        steps = pending_steps(deed.booking)
        asked = [(step.role, step.scope_kind, step.scope_id) for step in steps]
        groups.setdefault((deed.action, deed.was, deed.booking.state, *asked), []).append(deed)
    return groups.values()


def _kinds_for(
    booking: Booking, action: Action, was: State, by: Person | None, at: datetime
) -> dict[int, Kind]:
    """What each person is told, by id."""
    kinds: dict[int, Kind] = {}
    for audience, kind in who_is_told(action, was, State(booking.state)):
        for person_id in people_of(audience, booking, at.date()):
            if person_id == booking.applicant_id or by is None or person_id != by.id:
                kinds.setdefault(person_id, kind)
    return kinds


def _booking_hit(
    booking: Booking,
    *,
    exception: OpeningException,
    alternatives: Sequence[Alternative],
    by: Person,
    at: datetime,
) -> None:
    facts = replace(
        BookingFacts.of(booking, by),
        why=exception.title or exception.reason,
        offers=tuple(Offer.of(each) for each in alternatives),
    )
    tell({booking.applicant_id: Kind.HIT}, facts, booking_id=booking.id, at=at)


def _booking_spared(booking: Booking, *, by: Person, at: datetime) -> None:
    facts = BookingFacts.of(booking, by)
    tell({booking.applicant_id: Kind.SPARED}, facts, booking_id=booking.id, at=at)


def _remark_made(remark: Remark, *, at: datetime) -> None:
    kinds = told_of_remark(remark, at.date())
    if kinds:
        facts = BookingFacts.of(remark.booking, remark.author, remark.text)
        names = tuple(file.name for file in remark.files)
        tell(kinds, replace(facts, files=names), booking_id=remark.booking_id, at=at)


def _remarks_seen(booking: Booking, *, by: Person, at: datetime) -> None:
    mark_remarks_read(booking.id, by=by, at=at)


def _happened(
    booking: Booking,
    *,
    what: Happening,
    by: Person | None,
    at: datetime,
    detail: str = "",
    comment: str = "",
) -> None:
    audience, kind = HAPPENED[what]
    people = set(people_of(audience, booking, at.date())) - ({by.id} if by else set())
    if people:
        facts = replace(BookingFacts.of(booking, by, comment), detail=detail)
        tell(dict.fromkeys(sorted(people), kind), facts, booking_id=booking.id, at=at)


def _results_overdue(booking: Booking, *, at: datetime) -> None:
    _remind([booking.applicant_id], Kind.RESULTS_OVERDUE, booking, at)


def _credit_changed(entry: CreditEntry, *, by: Person, at: datetime) -> None:
    """An objection is told those who decide on it; their answer, the person."""
    booking = entry.booking
    said = BookingFacts.of(booking, by, entry.answer or entry.reason)
    facts = replace(said, credit_entry=entry.id)
    if entry.is_open:
        managers = managers_of(booking.instrument, at.date())
        kinds = dict.fromkeys(set(managers) - {by.id}, Kind.CREDIT_CONTESTED)
    else:
        kinds = {entry.person_id: Kind.CREDIT_DECIDED}
    if kinds:
        tell(kinds, facts, booking_id=booking.id, at=at)
