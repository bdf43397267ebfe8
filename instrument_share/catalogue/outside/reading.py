"""The times at which a calendar's events close an instrument (RFC 5545), recurrences expanded. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from math import prod
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from ...foundation.interval import Interval
from ...foundation.localtime import boundary_of
from ...foundation.patience import OutOfPatience, within
from .rules import MOST_EVENTS, MOST_OCCURRENCES, MOST_READING, MOST_RECURRING, CalendarFault, Fault

_EARLIEST = date(1970, 1, 1)
_COARSE = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
#: At most so many times a day may one event recur.
_MOST_A_DAY = 24
#: All-day and floating events lie in the instrument's zone, up to this far from where UTC has them.
_SLACK = timedelta(days=2)


def closures_in(text: bytes, zone: ZoneInfo, window: Interval) -> list[Interval]:
    """When the events of an `.ics` take place within the window, sorted, each once.

    Left out are transparent and cancelled events and those without a length. All-day and floating times are on the
    clocks of `zone`. Raises CalendarFault for what is no calendar, for more than anybody could mean, and for rules that
    take too long to work out: one that never comes true is tried until the year 9999.
    """
    if not text.rstrip().upper().endswith(b"END:VCALENDAR"):
        raise CalendarFault(Fault.UNREADABLE)  # cut off on the way, or something else
    icalendar.use_zoneinfo()  # forgets the zones that other calendars described under names of their own
    try:
        with within(MOST_READING):
            calendars = icalendar.Calendar.from_ical(text, multiple=True)
            found = {slot for calendar in calendars for slot in _slots(calendar, zone, window)}
    except CalendarFault:
        raise
    except OutOfPatience:
        raise CalendarFault(Fault.TOO_MANY_EVENTS) from None
    except (
        Exception
    ):  # two libraries on foreign data: whatever they stumble over, it cannot be read
        raise CalendarFault(Fault.UNREADABLE) from None
    if len(found) > MOST_OCCURRENCES:
        raise CalendarFault(Fault.TOO_MANY_EVENTS)
    return sorted(found)


def _slots(calendar: Any, zone: ZoneInfo, window: Interval) -> Iterator[Interval]:
    if calendar.name != "VCALENDAR":
        raise CalendarFault(Fault.UNREADABLE)
    _check_size(calendar)
    near = (window.start - _SLACK, window.end + _SLACK)
    events = recurring_ical_events.of(calendar, components=["VEVENT"]).between(*near)
    for event in events:
        if _closes(event):
            start, end = (_instant(event[name].dt, zone) for name in ("DTSTART", "DTEND"))
            if start < end and (slot := Interval(start, end)).overlaps(window):
                yield slot


def _closes(event: Any) -> bool:
    is_busy = str(event.get("TRANSP", "OPAQUE")).upper() != "TRANSPARENT"
    return is_busy and str(event.get("STATUS", "")).upper() != "CANCELLED"


def _instant(moment: date, zone: ZoneInfo) -> datetime:
    """A day begins at the zone's midnight; a floating time is on its clocks."""
    if not isinstance(moment, datetime):
        return boundary_of(moment, time(0), zone)
    if moment.tzinfo is None:
        return boundary_of(moment.date(), moment.time(), zone)
    return moment.astimezone(UTC)


def _check_size(calendar: Any) -> None:
    """Refuse what would take forever to expand, before it is expanded."""
    events = calendar.walk("VEVENT")
    recurring = [event for event in events if "RRULE" in event]
    is_fair = len(events) <= MOST_EVENTS and len(recurring) <= MOST_RECURRING
    if not is_fair or not all(map(_is_fair, recurring)):
        raise CalendarFault(Fault.TOO_MANY_EVENTS)


def _is_fair(event: Any) -> bool:
    start = event["DTSTART"].dt
    begins = start.date() if isinstance(start, datetime) else start
    rules = event["RRULE"] if isinstance(event["RRULE"], list) else [event["RRULE"]]
    return begins >= _EARLIEST and all(
        set(rule.get("FREQ", ())) <= _COARSE
        and prod(len(rule.get(name, (0,))) for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))
        <= _MOST_A_DAY
        for rule in rules
    )
