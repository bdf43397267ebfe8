"""Visits of the demonstration: one of the researcher with two visitors, the letter issued, the first tasks ticked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from ..booking.at_instrument.services import let_applicants_start
from ..booking.letters.addresses import verify_address
from ..booking.letters.services import ask_for_letter, issue_letter
from ..booking.models import Booking
from ..booking.rules import State
from ..booking.visits.services import enter_visit, tick
from ..booking.visits.values import VisitorEntry, VisitPlan
from ..catalogue.rules import AccessMode
from ..foundation.clock import zone
from ..foundation.database import db
from .people import People

_HOME = "Al-Farabi Kazakh National University"
_VISITORS = (
    VisitorEntry("Зерттеуші Алматы", "Researcher Almaty", "KZ", _HOME, "researcher"),
    VisitorEntry("Докторант Алматы", "Doctoral Student Almaty", "KZ", _HOME, "doctoral_student"),
)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def write_visits(people: People, at: datetime) -> None:
    """The researcher's next confirmed booking on site gets its visit and a letter in Russian and English."""
    booking = _next_on_site(people, at)
    if booking is None:
        return
    reference, local = booking.reference, zone(booking.time_zone)
    plan = VisitPlan(
        booking.starts_at.astimezone(local).date() - _DAY,
        booking.ends_at.astimezone(local).date() + _DAY,
        _VISITORS,
    )
    visit = enter_visit(reference, plan, by=people.researcher, at=at - 5 * _HOUR)
    ask_for_letter(reference, "ru+en", by=people.researcher, at=at - 5 * _HOUR)
    issue_letter(reference, verify_address(), by=people.office, at=at - 2 * _HOUR)
    tick(reference, visit.tasks[0].id, True, by=people.manager, at=at - _HOUR)
    let_applicants_start(booking.instrument.slug, True, by=people.manager, at=at - _HOUR)


def _next_on_site(people: People, at: datetime) -> Booking | None:
    return db.session.scalar(
        select(Booking)
        .where(
            Booking.applicant_id == people.researcher.id,
            Booking.state == State.CONFIRMED,
            Booking.access_mode == AccessMode.ON_SITE,
            Booking.starts_at > at,
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(1)
    )
