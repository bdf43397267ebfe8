"""The minutes of a year that an institution's share of a co-built facility is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, or_, select

from ...access.shares.models import FacilityShare
from ...access.shares.rules import minutes_of
from ...booking.availability.opening import hours_of, open_minutes
from ...catalogue.models import Facility, Instrument
from ...catalogue.queries import closures_of
from ...catalogue.rules import InstrumentStatus
from ...foundation.chores import claimed
from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.errors import InvalidInput
from ...foundation.interval import Interval
from ..ledger import QuotaYear, post_minutes, shares_of
from ..rules import EntryKind


def grant_share(share: FacilityShare, *, at: datetime) -> None:
    """Bring the share's grants of this year and the next to its percent of the facility's open time.

    Raises InvalidInput where a smaller share would leave less than is reserved and used.
    """
    for year, missing, left in _missing(share, at):
        if -missing > max(left, 0):
            sentence = lazy_gettext(
                "More of a share is reserved or used in %(year)s.", year=str(year)
            )
            raise InvalidInput(fields={"shares": sentence})
        _post(share, year, missing, at)
    share.granted_year = at.astimezone(UTC).year + 1


def due_shares(at: datetime, besides: Collection[int] = (), *, most: int = 200) -> Sequence[int]:
    """The shares (by id) whose next year is not granted yet."""
    query = select(FacilityShare.id).where(_is_due(at), FacilityShare.id.not_in(besides))
    return db.session.scalars(query.order_by(FacilityShare.id).limit(most)).all()


def renew_share(share_id: int, at: datetime) -> bool:
    """In a new year: true up its grant to the hours as they are now, and grant the year after.

    Nothing that is reserved or used is taken back. False where another worker is at it or has done it.
    """
    share = claimed(select(FacilityShare).where(FacilityShare.id == share_id, _is_due(at)))
    if share is None:
        return False
    for year, missing, left in _missing(share, at):
        _post(share, year, max(missing, -max(left, 0)), at)
    share.granted_year = at.astimezone(UTC).year + 1
    return True


def _missing(share: FacilityShare, at: datetime) -> list[tuple[int, int, int]]:
    """For this year and the next: what its grant lacks (below zero: has too much), and what is left of it."""
    this = at.astimezone(UTC).year
    found = []
    for year in (this, this + 1):
        quota = shares_of([share.id], year)[share.id]
        due = minutes_of(share.percent, open_minutes_of(share.facility, year))
        found.append((year, due - quota.granted, quota.left))
    return found


def _post(share: FacilityShare, year: int, missing: int, at: datetime) -> None:
    kind = EntryKind.GRANT if missing > 0 else EntryKind.CORRECT
    post_minutes(kind, QuotaYear(None, year, share_id=share.id), abs(missing), at=at)


def open_minutes_of(facility: Facility, year: int) -> int:
    """How long a facility's instruments are open in a calendar year (UTC), every position counted: by their hours,
    holidays, exceptional openings and closures as they are entered now. Retired ones do not count.
    """
    window = Interval(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
    instruments = db.session.scalars(
        select(Instrument).where(
            Instrument.facility_id == facility.id, Instrument.status != InstrumentStatus.RETIRED
        )
    ).all()
    slots: dict[tuple[int, str], list[Interval]] = defaultdict(list)
    for each in closures_of([it.id for it in instruments], window):
        slots[each.instrument_id, each.kind].append(Interval(each.starts_at, each.ends_at))
    where = zone(facility.time_zone)
    return sum(
        open_minutes(
            hours_of(it.opening, where, it.holiday_territory, it.holiday_opening), window,
            positions=it.positions,
            openings=slots[it.id, "opening"], closures=slots[it.id, "closure"],
        )
        for it in instruments
    )  # fmt: skip


def _is_due(at: datetime) -> ColumnElement[bool]:
    following = at.astimezone(UTC).year + 1
    late = or_(FacilityShare.granted_year.is_(None), FacilityShare.granted_year < following)
    return (FacilityShare.percent > 0) & late
