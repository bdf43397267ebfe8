"""Getting on the waiting list."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import select

from ....access.agreements.usable import agreement_for
from ....access.eligibility import check_eligible, eligibility_of
from ....catalogue.models import Instrument
from ....catalogue.queries import bookable_instrument
from ....foundation.clock import is_zone
from ....foundation.database import db
from ....foundation.errors import InvalidInput, NotFound
from ....foundation.identifiers import new_reference
from ....foundation.interval import Interval
from ....foundation.upsert import insert_into
from ....identity import audit
from ....identity.models import Person
from ....identity.turns import take_turn
from ...availability.opening import DAYS
from ...availability.queries import rules_of
from ...errors import UnknownInstrument
from ...projects import project_for
from ...services.requesting import check_mode
from ..errors import AlreadyWaiting, WaitingListFull
from ..models import WaitingEntry, WaitingLine
from ..queries import live_count
from ..rules import LONGEST_WINDOW, MOST_ENTRIES, STANDING, EntryState, wanted_stretches
from ..values import JoinRequest


def join(request: JoinRequest, *, by: Person, at: datetime) -> WaitingEntry:
    """Stand in line for time that is taken now; the earliest time that fits is offered when it frees.

    Raises UnknownInstrument, NotInService, NotEligible, AgreementNotUsable, UnknownProject, InvalidInput for a wish
    that can never come true, WaitingListFull and AlreadyWaiting.
    """
    try:
        instrument = bookable_instrument(request.instrument)
    except NotFound:
        raise UnknownInstrument() from None
    check_mode(request.access_mode, instrument)
    _check_length(request, instrument)
    _check_window(request, at)
    check_eligible(eligibility_of(by, instrument, request.access_mode, at=at))
    take_turn(by)  # one person's entries are counted one after the other
    entry = _new_entry(request, instrument, by, at)
    _check_place(entry, by)
    _check_wish(entry, at)
    db.session.add(entry)
    db.session.flush()
    _begin_line(instrument, at)
    audit.record(
        "waiting.join",
        "waiting_entry",
        entry.reference,
        by=by.id,
        at=at,
        instrument=instrument.slug,
    )
    return entry


def _new_entry(
    request: JoinRequest, instrument: Instrument, by: Person, at: datetime
) -> WaitingEntry:
    return WaitingEntry(
        reference=new_reference("W"),
        person=by,
        person_id=by.id,
        instrument=instrument,
        instrument_id=instrument.id,
        agreement=agreement_for(by, instrument, request.agreement, request.since.date())
        if request.agreement
        else None,
        project=project_for(by, request.project, Interval(request.since, request.until)),
        access_mode=request.access_mode,
        purpose=request.purpose,
        whole=request.whole,
        minutes=request.minutes,
        since=request.since,
        until=request.until,
        time_zone=request.time_zone,
        not_before=request.not_before,
        not_after=request.not_after,
        weekdays=[day for day in DAYS if day in request.weekdays],
        state=EntryState.WAITING,
        missed=0,
        joined_at=at,
        changed_at=at,
        offers=[],
    )


def _begin_line(instrument: Instrument, at: datetime) -> None:
    """The first to join an instrument's line begins it; workers look at it from then on."""
    row = insert_into(WaitingLine)
    db.session.execute(
        row.values(instrument_id=instrument.id, swept_at=at).on_conflict_do_nothing()
    )


def _check_place(entry: WaitingEntry, by: Person) -> None:
    with db.session.no_autoflush:
        if _waits_already(entry):
            raise AlreadyWaiting()
        if live_count(by) >= MOST_ENTRIES:
            raise WaitingListFull(most=MOST_ENTRIES)


def _waits_already(entry: WaitingEntry) -> bool:
    same = select(WaitingEntry.id).where(
        WaitingEntry.person_id == entry.person_id,
        WaitingEntry.instrument_id == entry.instrument_id,
        WaitingEntry.since == entry.since,
        WaitingEntry.until == entry.until,
        WaitingEntry.minutes == entry.minutes,
        WaitingEntry.state.in_(STANDING),
    )
    return db.session.scalar(same) is not None


def _check_length(request: JoinRequest, instrument: Instrument) -> None:
    rules, length = rules_of(instrument), timedelta(minutes=request.minutes)
    if length < rules.shortest:
        _refuse("minutes", lazy_gettext("This is shorter than the shortest booking."))
    if length > rules.longest:
        _refuse("minutes", lazy_gettext("This is longer than the longest booking."))
    if length % rules.granularity:
        _refuse("minutes", lazy_gettext("Choose a length in whole steps of the instrument's grid."))


def _check_window(request: JoinRequest, at: datetime) -> None:
    if not is_zone(request.time_zone):
        _refuse("time_zone", lazy_gettext("Choose a time zone from the list, such as Asia/Almaty."))
    if request.until <= request.since:
        _refuse("until", lazy_gettext("The end must lie after the start."))
    if request.until <= at:
        _refuse("until", lazy_gettext("This time is in the past. Choose a later one."))
    if request.until - request.since > LONGEST_WINDOW:
        _refuse("until", lazy_gettext("Wait for a window of at most a year."))


def _check_wish(entry: WaitingEntry, at: datetime) -> None:
    """The window and the hours must leave room for a booking that can still be asked for."""
    earliest = max(entry.since, rules_of(entry.instrument).bookable_from(at))
    if earliest >= entry.until or not wanted_stretches(entry.wish, Interval(earliest, entry.until)):
        _refuse(
            "until",
            lazy_gettext(
                "There is no room for so long a booking. Choose a wider window or longer hours."
            ),
        )


def _refuse(field: str, advice: LazyString) -> None:
    raise InvalidInput(fields={field: advice})
