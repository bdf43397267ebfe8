"""Reading series: one that a person may see, its occurrences, and how far a queue's series are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...catalogue.models import Facility, Instrument
from ...catalogue.queries import scopes_of
from ...foundation.database import db
from ...foundation.errors import NotFound
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, Scope, Subject, may, subject
from ..models import Booking
from ..queries import with_people
from ..rules import State
from .models import Series


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with its occurrences in the order of the rule; `version` rises with every change of any of them."""

    series: Series
    bookings: Sequence[Booking]

    @property
    def version(self) -> int:
        return sum(booking.version for booking in self.bookings)


def series_for(person: Person, reference: str, *, to_change: bool = False) -> SeriesView:
    """The series, when the person may see it; `to_change` locks its occurrences. Raises NotFound."""
    series = db.session.scalar(
        select(Series)
        .where(Series.reference == reference)
        .options(
            joinedload(Series.instrument).joinedload(Instrument.facility).joinedload(Facility.host),
            joinedload(Series.applicant),
            joinedload(Series.institution),
        )
    )
    if series is None or not may(actor_of(person), Permission.SEE_BOOKING, subject_of(series)):
        raise NotFound()
    return SeriesView(series, bookings_in(series, to_change=to_change))


def bookings_in(series: Series, *, to_change: bool = False) -> Sequence[Booking]:
    """The occurrences in the order of the rule."""
    query = (
        with_people(select(Booking))
        .where(Booking.series_id == series.id)
        .order_by(Booking.occurrence, Booking.id)
    )
    if to_change:
        query = query.with_for_update(of=Booking).execution_options(populate_existing=True)
    return db.session.scalars(query).all()


def subject_of(series: Series) -> Subject:
    """The series as the permission table sees it: like each of its bookings."""
    payer = (Scope("institution", series.institution_id),) if series.institution_id else ()
    return subject(owner_id=series.applicant_id, host=scopes_of(series.instrument), payer=payer)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of a series waits for the same decision: how many occurrences, for how long together, from when to when."""

    series: Series
    count: int
    minutes: int
    first: datetime
    last: datetime
    version: int


def waiting_in(series_ids: Collection[int]) -> dict[int, Waiting]:
    """The submitted occurrences of series by the series' id, in one query."""
    if not series_ids:
        return {}
    rows = db.session.execute(
        select(
            Series,
            Booking.series_id,
            Booking.state,
            Booking.version,
            Booking.starts_at,
            Booking.ends_at,
        )
        .join(Booking, Booking.series_id == Series.id)
        .where(Series.id.in_(series_ids))
        .order_by(Booking.starts_at)
    ).all()
    series = {row.series_id: row.Series for row in rows}
    found = {}
    for key, each in series.items():
        own = [row for row in rows if row.series_id == key]
        open_ = [row for row in own if row.state == State.SUBMITTED]
        if open_:
            minutes = sum(int((row.ends_at - row.starts_at).total_seconds()) for row in open_) // 60
            version = sum(row.version for row in own)
            first, last = open_[0].starts_at, open_[-1].starts_at
            found[key] = Waiting(each, len(open_), minutes, first, last, version)
    return found
