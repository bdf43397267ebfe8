"""What opens and closes instruments of the demonstration beyond their hours: a teaching week, a maintenance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from ..booking.closing.guests import open_to_ids
from ..booking.closing.services import enter
from ..booking.models import Booking
from ..catalogue.models import Instrument
from ..catalogue.rules import ExceptionKind
from ..catalogue.values import Plan
from ..foundation.clock import zone
from ..foundation.database import db
from ..foundation.interval import Interval
from ..foundation.localtime import midnight_of
from .bookings import RUNNING
from .people import People

_TEACHING = {"en": "Teaching week", "zh-Hans": "教学周", "ar": "أسبوع التدريس"}
_MAINTENANCE = {
    "en": "Yearly maintenance by the manufacturer",
    "zh-Hans": "厂家年度维护",
    "ar": "الصيانة السنوية من الشركة المصنّعة",
}
_HOUR = timedelta(hours=1)


def write_closures(instruments: Mapping[str, Instrument], people: People, at: datetime) -> None:
    """Block five mornings for teaching, open to the partners of an agreement, and plan a maintenance."""
    teaching, maintained = _chosen(instruments, "zju-"), _chosen(instruments, "pku-")
    partners = open_to_ids({"agreements": ["D-2026-01"]})
    for day in range(5):
        slot = _morning(teaching, at, 21 + day)
        plan = Plan(
            ExceptionKind.BLOCKING, slot, _TEACHING, open_to=partners, release_minutes=48 * 60
        )
        _enter(teaching, plan, people, at)
    first = _morning(maintained, at, 45)
    stay = Interval(first.start, first.start + timedelta(days=2))
    _enter(maintained, Plan(ExceptionKind.CLOSURE, stay, reason=_MAINTENANCE), people, at)


def _chosen(instruments: Mapping[str, Instrument], host: str) -> Instrument:
    return next(
        it for slug, it in sorted(instruments.items()) if slug.startswith(host) and slug != RUNNING
    )


def _morning(instrument: Instrument, at: datetime, days: int) -> Interval:
    """From eight to noon, so many days from the Monday of this week."""
    where = zone(instrument.time_zone)
    today = at.astimezone(where).date()
    start = midnight_of(today + timedelta(days=days - today.weekday()), where) + 8 * _HOUR
    return Interval(start, start + 4 * _HOUR)


def _enter(instrument: Instrument, plan: Plan, people: People, at: datetime) -> None:
    """As somebody does who has looked at every booking that is hit."""
    own = select(Booking.reference).where(Booking.instrument_id == instrument.id)
    seen = db.session.scalars(own).all()
    enter(instrument.slug, plan, by=people.manager, at=at, seen=seen)
