"""Watching an instrument: freed time is remembered when it frees, and told by a worker once it is clear who has it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, delete, exists, insert, literal, or_, select
from sqlalchemy.orm import joinedload

from ....catalogue.models import Instrument
from ....catalogue.queries import bookable_instrument
from ....foundation.chores import claimed
from ....foundation.database import UtcDateTime, db
from ....foundation.errors import InvalidInput, NotFound
from ....foundation.interval import Interval
from ....foundation.signals import freed_time_found
from ....foundation.upsert import insert_into
from ....identity.models import Person
from ...availability.queries import availability_of
from ...errors import UnknownInstrument
from ..models import FreedTime, Watch
from ..queries import watch_of
from ..rules import BETWEEN_ALERTS, worth_telling
from ..values import WatchRequest

#: Freed time is told when those who wait have had their turn; it is remembered for longer than anybody is not told.
_SETTLED, _KEPT = timedelta(minutes=2), timedelta(days=2)


def watch(request: WatchRequest, *, by: Person, at: datetime) -> Watch:
    """Tell `by` when time comes free; watching again changes what is told. Raises UnknownInstrument, InvalidInput."""
    try:
        instrument = bookable_instrument(request.instrument)
    except NotFound:
        raise UnknownInstrument() from None
    if not 1 <= request.days <= instrument.horizon_days:
        raise InvalidInput(
            fields={
                "days": lazy_gettext(
                    "Choose a number of days from 1 up to as far as the calendar is open."
                )
            }
        )
    if request.minutes and request.minutes > instrument.longest_minutes:
        raise InvalidInput(
            fields={"minutes": lazy_gettext("This is longer than the longest booking.")}
        )
    _write(request, instrument, by, at)
    watched = watch_of(by, instrument.id)
    if watched is None:
        raise NotFound()
    return watched


def stop_watching(slug: str, *, by: Person) -> None:
    """Tell `by` no more about an instrument; nothing happens where nothing was told."""
    instrument_id = select(Instrument.id).where(Instrument.slug == slug).scalar_subquery()
    db.session.execute(
        delete(Watch).where(Watch.person_id == by.id, Watch.instrument_id == instrument_id)
    )


def remember_freed(instrument_id: int, freed: Interval, at: datetime) -> None:
    """Keep what was let go of where somebody watches, in one statement."""
    row = select(
        literal(instrument_id),
        literal(freed.start, UtcDateTime),
        literal(freed.end, UtcDateTime),
        literal(at, UtcDateTime),
    ).where(exists().where(Watch.instrument_id == instrument_id))
    columns = ["instrument_id", "starts_at", "ends_at", "freed_at"]
    db.session.execute(insert(FreedTime).from_select(columns, row))


def due_watches(at: datetime, besides: Collection[int] = (), *, most: int = 200) -> Sequence[int]:
    """The watches (by id) of instruments of which time came free that was not told of yet."""
    query = select(Watch.id).where(_is_due(at), Watch.id.not_in(besides))
    return db.session.scalars(query.order_by(Watch.id).limit(most)).all()


def tell_watcher(watch_id: int, at: datetime) -> bool:
    """Tell somebody who watches of the time that came free and still is; once a day at most, of everything since.

    False where nothing was told, or where another worker is at it or has done it.
    """
    watched = claimed(
        select(Watch)
        .where(Watch.id == watch_id, _is_due(at))
        .options(
            joinedload(Watch.person).joinedload(Person.institution),
            joinedload(Watch.instrument).joinedload(Instrument.facility),
        )
    )
    if watched is None:
        return False
    found = _still_free(watched, at)
    watched.seen_at = at - _SETTLED
    if found:
        watched.told_at = at
        freed_time_found.send(watched, found=found, at=at)
    return bool(found)


def forget_freed(at: datetime) -> int:
    """Forget the freed time that nobody is told of any more; returns how much."""
    over = or_(FreedTime.freed_at <= at - _KEPT, FreedTime.ends_at <= at)
    return len(db.session.scalars(delete(FreedTime).where(over).returning(FreedTime.id)).all())


def _is_due(at: datetime) -> ColumnElement[bool]:
    freed = exists().where(
        FreedTime.instrument_id == Watch.instrument_id,
        FreedTime.freed_at > Watch.seen_at,
        FreedTime.freed_at <= at - _SETTLED,
    )
    may_be_told = or_(Watch.told_at.is_(None), Watch.told_at <= at - BETWEEN_ALERTS)
    active = select(Person.id).where(Person.suspended_at.is_(None))
    return freed & may_be_told & Watch.person_id.in_(active)


def _still_free(watched: Watch, at: datetime) -> list[Interval]:
    instrument = watched.instrument
    freed = db.session.scalars(
        select(FreedTime).where(
            FreedTime.instrument_id == instrument.id,
            FreedTime.freed_at > watched.seen_at,
            FreedTime.freed_at <= at - _SETTLED,
        )
    )
    window = Interval(at, at + timedelta(days=watched.days))
    free = availability_of(instrument, window, at, watched.person).free
    shortest = timedelta(minutes=watched.minutes or instrument.shortest_minutes)
    return worth_telling(free, [each.slot for each in freed], shortest)


def _write(request: WatchRequest, instrument: Instrument, by: Person, at: datetime) -> None:
    values = {"days": request.days, "minutes": request.minutes}
    row = insert_into(Watch).values(
        person_id=by.id, instrument_id=instrument.id, created_at=at, seen_at=at, **values
    )
    db.session.execute(
        row.on_conflict_do_update(index_elements=["person_id", "instrument_id"], set_=values)
    )
