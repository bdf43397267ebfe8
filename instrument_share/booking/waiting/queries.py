"""Reading the waiting list: who stands in line, a person's own entries with their place, who watches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from ...catalogue.models import Facility, Instrument
from ...catalogue.queries import instrument_by_slug, may_manage
from ...foundation.chores import claimed
from ...foundation.database import db
from ...foundation.errors import Forbidden, NotFound
from ...foundation.http.paging import Page
from ...foundation.interval import Interval
from ...foundation.reading import read_columns
from ...identity.models import Person
from .models import WaitingEntry, WaitingOffer, Watch
from .rules import STANDING, EntryState


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as its owner sees it: with its place in line while it stands there."""

    entry: WaitingEntry
    place: int | None

    @property
    def offer(self) -> WaitingOffer | None:
        return self.entry.standing_offer


def in_line(
    instrument_id: int, at: datetime, freed: Interval | None, most: int
) -> Sequence[WaitingEntry]:
    """Who waits for the instrument in a window that meets `freed` (None: at all), the first in line first.

    Two statements, found by ix_waiting_entry_line. Nothing is locked: see `claimed`.
    """
    since, until = (freed.start, freed.end) if freed else (at, None)
    conditions = [
        WaitingEntry.instrument_id == instrument_id,
        WaitingEntry.state == EntryState.WAITING,
        WaitingEntry.until > max(since, at),
        Person.suspended_at.is_(None),
    ]
    if until is not None:
        conditions.append(WaitingEntry.since < until)
    return db.session.scalars(
        _described()
        .join(WaitingEntry.person)
        .where(*conditions)
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
        .limit(most)
        .execution_options(populate_existing=True)
    ).all()


def claimed_entry(entry_id: int) -> WaitingEntry | None:
    """The entry, locked, if it still waits and nobody else is at it."""
    return claimed(
        select(WaitingEntry).where(
            WaitingEntry.id == entry_id, WaitingEntry.state == EntryState.WAITING
        )
    )


def offered_entry(booking_id: int) -> WaitingEntry | None:
    """The entry, locked, that a booking was offered to."""
    return db.session.scalar(
        select(WaitingEntry)
        .join(WaitingOffer, WaitingOffer.entry_id == WaitingEntry.id)
        .where(WaitingOffer.booking_id == booking_id)
        .options(selectinload(WaitingEntry.offers))
        .with_for_update(of=WaitingEntry)
        .execution_options(populate_existing=True)
    )


def entry_of(person: Person, reference: str, *, to_change: bool = False) -> WaitingEntry:
    """The person's own entry. Raises NotFound."""
    query = _described().where(
        WaitingEntry.reference == reference, WaitingEntry.person_id == person.id
    )
    if to_change:
        query = query.with_for_update(of=WaitingEntry).execution_options(populate_existing=True)
    entry = db.session.scalar(query)
    if entry is None:
        raise NotFound()
    return entry


def view_of(entry: WaitingEntry) -> EntryView:
    """One entry with its place."""
    return EntryView(entry, _places([entry.id]).get(entry.id))


def entries_of(person: Person, page: int = 1, page_size: int = 50) -> Page[EntryView]:
    """The person's entries, those that stand in line first, then the latest, in four statements."""
    mine = WaitingEntry.person_id == person.id
    total = db.session.scalar(select(func.count(WaitingEntry.id)).where(mine)) or 0
    entries = db.session.scalars(
        _described()
        .where(mine)
        .order_by(WaitingEntry.state.in_(STANDING).desc(), WaitingEntry.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    places = _places([entry.id for entry in entries])
    return Page([EntryView(each, places.get(each.id)) for each in entries], total, page, page_size)


def line_of(person: Person, slug: str, most: int = 200) -> tuple[Instrument, list[EntryView]]:
    """An instrument and who stands in line for it, for its managers. Raises NotFound and Forbidden."""
    instrument = instrument_by_slug(slug)
    if not may_manage(person, instrument):
        raise Forbidden()
    entries = db.session.scalars(
        _described()
        .where(WaitingEntry.instrument_id == instrument.id, WaitingEntry.state.in_(STANDING))
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
        .limit(most)
    ).all()
    places = _places([entry.id for entry in entries])
    return instrument, [EntryView(each, places.get(each.id)) for each in entries]


def standing_and_watch(instrument_id: int, person: Person | None) -> tuple[int, int | None]:
    """How many stand in line for an instrument, and how many days ahead the person watches it, if they do; in one
    statement.
    """
    given = {"instrument": instrument_id, "person": person.id if person else None}
    count, days = read_columns(_STANDING_AND_WATCH, given).one()
    return count, days


def _standing_and_watch() -> Select[int, int]:
    asked = bindparam("instrument", type_=Integer)
    standing = select(func.count(WaitingEntry.id).label("standing")).where(
        WaitingEntry.instrument_id == asked, WaitingEntry.state.in_(STANDING)
    )
    line = standing.subquery("line")
    own = and_(Watch.instrument_id == asked, Watch.person_id == bindparam("person"))
    return select(line.c.standing, Watch.days).outerjoin_from(line, Watch, own)


_STANDING_AND_WATCH = _standing_and_watch()


def live_count(person: Person) -> int:
    """How many live entries the person has."""
    return (
        db.session.scalar(
            select(func.count(WaitingEntry.id)).where(
                WaitingEntry.person_id == person.id, WaitingEntry.state.in_(STANDING)
            )
        )
        or 0
    )


def watch_of(person: Person, instrument_id: int) -> Watch | None:
    """The person's watch on an instrument, if any."""
    return db.session.scalar(
        select(Watch).where(Watch.person_id == person.id, Watch.instrument_id == instrument_id)
    )


def watches_of(person: Person) -> Sequence[Watch]:
    """Every instrument that the person watches, by slug."""
    return db.session.scalars(
        select(Watch)
        .join(Watch.instrument)
        .where(Watch.person_id == person.id)
        .options(joinedload(Watch.instrument).joinedload(Instrument.facility))
        .order_by(Instrument.slug)
    ).all()


def _described() -> Select[WaitingEntry]:
    """Everything that an offer and a list need of entries, in two statements."""
    return select(WaitingEntry).options(
        joinedload(WaitingEntry.instrument)
        .joinedload(Instrument.facility)
        .joinedload(Facility.host),
        joinedload(WaitingEntry.person).joinedload(Person.institution),
        joinedload(WaitingEntry.agreement),
        joinedload(WaitingEntry.project),
        selectinload(WaitingEntry.offers).joinedload(WaitingOffer.booking),
    )


def _places(entry_ids: Sequence[int]) -> dict[int, int]:
    """The place of each that stands in line: one after those who came before and want some of the same time."""
    mine, before = aliased(WaitingEntry), aliased(WaitingEntry)
    rows = db.session.execute(
        select(mine.id, func.count(before.id))
        .outerjoin(
            before,
            and_(
                before.instrument_id == mine.instrument_id,
                before.state.in_(STANDING),
                before.since < mine.until,
                before.until > mine.since,
                or_(
                    before.joined_at < mine.joined_at,
                    and_(before.joined_at == mine.joined_at, before.id < mine.id),
                ),
            ),
        )
        .where(mine.id.in_(entry_ids), mine.state.in_(STANDING))
        .group_by(mine.id)
    )
    return {entry_id: ahead + 1 for entry_id, ahead in rows}
