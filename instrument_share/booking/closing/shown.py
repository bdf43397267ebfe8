"""Closures, blockings, outside calendars and the bookings they hit, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import LazyString, gettext, lazy_gettext

from ...catalogue.models import Instrument, OpeningException
from ...catalogue.outside.models import OutsideCalendar
from ...catalogue.outside.rules import KEPT, Fault, is_stale
from ...catalogue.rules import ExceptionKind
from ...foundation.http import show
from ...foundation.outgoing.faults import Why
from .guests import names_of_guests

KINDS: dict[str, LazyString] = {
    ExceptionKind.CLOSURE: lazy_gettext("Closure"),
    ExceptionKind.BLOCKING: lazy_gettext("Blocked time"),
    ExceptionKind.OPENING: lazy_gettext("Exceptional opening"),
}
_FAULTS: dict[str, LazyString] = {
    Why.BAD_ADDRESS: lazy_gettext("This is no address of the web."),
    Why.UNRESOLVED: lazy_gettext("The server's name is not known."),
    Why.REFUSED_ADDRESS: lazy_gettext(
        "The address lies in a network that is not called from here."
    ),
    Why.UNREACHABLE: lazy_gettext("The server does not answer."),
    Why.CERTIFICATE: lazy_gettext("The server's certificate is not valid."),
    Why.TOO_SLOW: lazy_gettext("The server takes too long."),
    Why.TOO_LARGE: lazy_gettext("The calendar is larger than 5 MB."),
    Fault.TOO_MANY_REDIRECTS: lazy_gettext("The server sends us from one address to the next."),
    Fault.UNREADABLE: lazy_gettext("What the server sends is not a calendar that can be read."),
    Fault.TOO_MANY_EVENTS: lazy_gettext("The calendar has more events than can be taken."),
}


@dataclass(frozen=True, slots=True)
class ShownException:
    """A stretch of time in a manager's list."""

    id: int
    kind: str
    label: str
    when: show.ShownPeriod
    until_lifted: bool
    is_sudden: bool
    is_weekly: bool
    title: str
    reason: str
    guests: str
    release: str


@dataclass(frozen=True, slots=True)
class ShownCalendar:
    """An outside calendar in a manager's list; `failing` tells since when it fails, `why`, and what that means."""

    id: int
    title: str
    host: str
    read: show.ShownPeriod | None
    failing: show.ShownPeriod | None
    why: str
    consequence: str


def exceptions_shown(
    rows: Sequence[OpeningException], instrument: Instrument
) -> list[ShownException]:
    """Rows with the names of those who may book inside, read for all of them at once."""
    guests = names_of_guests(rows)
    return [_exception(row, instrument.time_zone, guests.get(row.id, [])) for row in rows]


def calendars_shown(
    calendars: Sequence[OutsideCalendar], time_zone: str, at: datetime
) -> list[ShownCalendar]:
    return [_calendar(each, time_zone, at) for each in calendars]


def fault_text(code: str) -> str:
    """Why a calendar fails, from what was kept of it."""
    kind, _, status = code.rpartition("_")
    if kind == Fault.STATUS:
        return gettext("The server answers with the status %(status)s.", status=status)
    return str(_FAULTS.get(code, code))


def _exception(row: OpeningException, time_zone: str, guests: list[str]) -> ShownException:
    when = show.both_times(row.starts_at, time_zone) if row.until_lifted else None
    hours = show.minutes(row.release_minutes) if row.release_minutes is not None else ""
    return ShownException(
        row.id,
        row.kind,
        str(KINDS[row.kind]),
        when or show.period(row.slot, time_zone),
        row.until_lifted,
        row.sudden,
        row.series is not None,
        show.localized(row.title),
        show.localized(row.reason),
        show.listed(guests) if guests else "",
        gettext("Open to all %(time)s before it begins.", time=hours) if hours else "",
    )


def _calendar(calendar: OutsideCalendar, time_zone: str, at: datetime) -> ShownCalendar:
    since, read = calendar.failing_since, calendar.last_ok_at
    return ShownCalendar(
        calendar.id,
        show.localized(calendar.title),
        urlsplit(calendar.url).hostname or "",
        show.both_times(read, time_zone) if read else None,
        show.both_times(since, time_zone) if since else None,
        fault_text(calendar.last_error) if since else "",
        _consequence(read, at) if since else "",
    )


def _consequence(last_ok_at: datetime | None, at: datetime) -> str:
    if last_ok_at is None:
        return gettext("It has never been read: it closes nothing.")
    if is_stale(last_ok_at, at):
        return gettext("What it said is too old: its closures were taken away.")
    return gettext(
        "What it said last closes the instrument for up to %(days)s days.", days=KEPT.days
    )
