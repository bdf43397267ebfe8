"""Visits and mailed samples of the demonstration: a letter that is issued, and samples at every point of their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from ..booking.at_instrument.services import let_applicants_start
from ..booking.data_products.services import Product, describe_data
from ..booking.letters.addresses import verify_address
from ..booking.letters.services import ask_for_letter, issue_letter
from ..booking.models import Booking
from ..booking.remote.rules import Check
from ..booking.remote.services import ConnectionPlan, set_connection, tick_check
from ..booking.rules import State
from ..booking.samples.rules import Step
from ..booking.samples.services import describe, take_step
from ..booking.samples.values import Parcel
from ..booking.visits.services import enter_visit, tick
from ..booking.visits.values import VisitorEntry, VisitPlan
from ..catalogue.rules import AccessMode
from ..foundation.clock import zone
from ..foundation.database import db
from ..foundation.localized import in_language
from .people import People

_LATIN = ("Visiting Researcher", "Doctoral Student")
#: How far samples by mail have come, booking by booking.
_WAYS = (
    (Step.SEND, Step.RECEIVE, Step.MEASURE, Step.RETURN),
    (Step.SEND, Step.RECEIVE, Step.MEASURE),
    (Step.SEND, Step.RECEIVE),
    (Step.SEND,),
)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def write_visits(people: People, at: datetime) -> None:
    """A visit with its letter, and samples by mail at different points of their way."""
    _invite(people, at)
    _mail_samples(people, at)
    _prepare_remote_use(people, at)


def _mail_samples(people: People, at: datetime) -> None:
    """Whoever has samples underway or measured: some on their way, some there, some sent back."""
    for place, booking in enumerate(_by_mail(at)):
        for sample in booking.samples:
            _travel(booking, sample.id, _WAYS[place % len(_WAYS)], people, at)


def _prepare_remote_use(people: People, at: datetime) -> None:
    """The next remote use has its connection and a check done; data that are coming are described."""
    remote = _next_of(AccessMode.REMOTE, at)
    if remote is not None:
        plan = ConnectionPlan(people.manager.id, 30, "https://meet.demo.example/instrument")
        set_connection(remote.reference, plan, by=people.manager, at=at - 4 * _HOUR)
        tick_check(remote.reference, Check.NETWORK, True, by=remote.applicant, at=at - 2 * _HOUR)
    data = _next_of(AccessMode.DATA, at)
    if data is not None:
        product = Product("Calibrated time series with the description of the method.", "CC-BY-4.0")
        describe_data(data.reference, product, by=people.manager, at=at - 3 * _HOUR)


def _next_of(mode: AccessMode, at: datetime) -> Booking | None:
    return db.session.scalar(
        select(Booking)
        .where(
            Booking.state == State.CONFIRMED, Booking.access_mode == mode, Booking.starts_at > at
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(1)
    )


def _travel(
    booking: Booking, sample_id: int, way: Sequence[Step], people: People, at: datetime
) -> None:
    describe(
        booking.reference, sample_id, "Powder", "Dry, at room temperature",
        by=booking.applicant, at=at - 3 * _DAY,
    )  # fmt: skip
    for hours, step in enumerate(way, 1):
        by = booking.applicant if step is Step.SEND else people.manager
        parcel = (
            Parcel("EMS", f"EE{sample_id:09}KZ") if step in (Step.SEND, Step.RETURN) else Parcel()
        )
        moment = at - 2 * _DAY + hours * _HOUR
        take_step(booking.reference, sample_id, step, parcel, by=by, at=moment)


def _by_mail(at: datetime) -> Sequence[Booking]:
    return db.session.scalars(
        select(Booking)
        .where(
            Booking.state.in_((State.CONFIRMED, State.COMPLETED)),
            Booking.access_mode == AccessMode.MAIL_IN,
            Booking.starts_at.between(at - 10 * _DAY, at + 10 * _DAY),
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(4)
    ).all()


def _invite(people: People, at: datetime) -> None:
    """A confirmed booking on site gets its visit, and a letter in Russian and English."""
    booking = _next_on_site(people, at)
    if booking is None:
        return
    reference, local = booking.reference, zone(booking.time_zone)
    plan = VisitPlan(
        booking.starts_at.astimezone(local).date() - _DAY,
        booking.ends_at.astimezone(local).date() + _DAY,
        _visitors(booking),
    )
    visit = enter_visit(reference, plan, by=booking.applicant, at=at - 5 * _HOUR)
    ask_for_letter(reference, "ru+en", by=booking.applicant, at=at - 5 * _HOUR)
    issue_letter(reference, verify_address(), by=people.office, at=at - 2 * _HOUR)
    tick(reference, visit.tasks[0].id, True, by=people.manager, at=at - _HOUR)
    let_applicants_start(booking.instrument.slug, True, by=people.manager, at=at - _HOUR)


def _next_on_site(people: People, at: datetime) -> Booking | None:
    """The researcher's next one, and where they have none that of somebody else."""
    return db.session.scalar(
        select(Booking)
        .where(
            Booking.state == State.CONFIRMED,
            Booking.access_mode == AccessMode.ON_SITE,
            Booking.starts_at > at,
        )
        .order_by(Booking.applicant_id != people.researcher.id, Booking.starts_at, Booking.id)
        .limit(1)
    )


def _visitors(booking: Booking) -> tuple[VisitorEntry, ...]:
    home, country = _institution_of(booking)
    names = ("Зерттеуші", "Докторант") if country == "KZ" else _LATIN
    roles = ("researcher", "doctoral_student")
    return tuple(
        VisitorEntry(name, latin, country, home, role)
        for name, latin, role in zip(names, _LATIN, roles, strict=True)
    )


def _institution_of(booking: Booking) -> tuple[str, str]:
    home = booking.institution or booking.instrument.facility.host
    return in_language(home.names, "en"), home.country
