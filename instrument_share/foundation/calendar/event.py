"""An event of a calendar (VEVENT, RFC 5545 section 3.6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..interval import Interval
from .content import folded, instant, parameter, text, wall_time, written

_UTC = ("UTC", "Etc/UTC")


class Status(StrEnum):
    """What STATUS says of an event (3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody in a calendar: a mail address and the name its owner writes."""

    address: str
    name: str = ""

    def as_property(self, name: str, *parameters: str) -> str:
        """As the value of ORGANIZER or ATTENDEE (3.8.4)."""
        common_name = (f"CN={parameter(self.name)}",) if self.name else ()
        return f"{';'.join((name, *common_name, *parameters))}:mailto:{text(self.address)}"


@dataclass(frozen=True, slots=True)
class Event:
    """`slot` is shown on the clock of `zone`.

    `uid` never changes; `sequence` rises with every visible change. `changed_at` is DTSTAMP and
    LAST-MODIFIED in one: without a METHOD they mean the same (3.8.7.2).
    """

    uid: str
    sequence: int
    status: Status
    slot: Interval
    zone: str
    changed_at: datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    is_private: bool = False
    is_free: bool = False  # takes none of its reader's time
    organizer: Mailbox | None = None
    attendee: Mailbox | None = None

    def written(self, alarm: timedelta | None = None) -> str:
        """The event as iCalendar text, folded; with a reminder `alarm` before it, unless it was called off."""
        changed = instant(self.changed_at)
        remind = self._alarm(alarm) if alarm is not None and not self._is_off else ""
        # One template for what is never long: these lines need no folding.
        return (
            f"BEGIN:VEVENT\r\nUID:{self.uid}\r\nDTSTAMP:{changed}\r\n"
            f"{_times(self.slot, self.zone)}"
            f"SEQUENCE:{self.sequence}\r\nLAST-MODIFIED:{changed}\r\nSTATUS:{self.status}\r\n"
            f"TRANSP:{'TRANSPARENT' if self.is_free or self._is_off else 'OPAQUE'}\r\n"
            f"CLASS:{'PRIVATE' if self.is_private else 'PUBLIC'}\r\n"
            f"{_line('SUMMARY', self.summary)}{self._details()}{remind}END:VEVENT\r\n"
        )

    @property
    def _is_off(self) -> bool:
        return self.status is Status.CANCELLED

    def _alarm(self, before: timedelta) -> str:
        """A reminder on the screen (VALARM, 3.6.6)."""
        minutes = before // timedelta(minutes=1)
        return (
            "BEGIN:VALARM\r\nACTION:DISPLAY\r\n"
            f"TRIGGER:-PT{minutes}M\r\n{_line('DESCRIPTION', self.summary)}END:VALARM\r\n"
        )

    def _details(self) -> str:
        lines = _line("DESCRIPTION", self.description) if self.description else ""
        if self.location:
            lines += _line("LOCATION", self.location)
        if self.url:
            lines += f"{folded(f'URL:{self.url}')}\r\n"
        if self.organizer or self.attendee:
            lines += written(self._people())
        return lines

    def _people(self) -> list[str]:
        lines = [self.organizer.as_property("ORGANIZER")] if self.organizer else []
        if self.attendee:
            accepted = ("ROLE=REQ-PARTICIPANT", "PARTSTAT=ACCEPTED", "RSVP=FALSE")
            lines.append(self.attendee.as_property("ATTENDEE", *accepted))
        return lines


@lru_cache(maxsize=2048)
def _line(name: str, value: str) -> str:
    """The line of a TEXT property. The events of a feed say the same again and again."""
    return f"{folded(f'{name}:{text(value)}')}\r\n"


def _times(slot: Interval, zone_name: str) -> str:
    """DTSTART and DTEND on the zone's clock.

    In UTC, both, where that clock shows one of them twice (3.3.5): readers do not agree which of the
    two is meant, nor on a start and an end of different forms.
    """
    zone = ZoneInfo(zone_name)
    start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
    if zone_name in _UTC or _happens_twice(start) or _happens_twice(end):
        return f"DTSTART:{instant(slot.start)}\r\nDTEND:{instant(slot.end)}\r\n"
    name = f"TZID={zone_name}"
    return f"DTSTART;{name}:{wall_time(start)}\r\nDTEND;{name}:{wall_time(end)}\r\n"


def _happens_twice(local: datetime) -> bool:
    return bool(local.fold) or local.replace(fold=1).utcoffset() != local.utcoffset()
