"""Whole iCalendar objects (VCALENDAR): a feed, an invitation by mail, and who is busy when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from ..interval import Interval
from .content import encoded, instant, text, written
from .event import Event
from .zones import vtimezone

MEDIA_TYPE = "text/calendar"
#: How often programs are asked to come again.
REFRESH = "PT15M"

_BEGIN = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//instrument_share//calendar 1//EN",
    "CALSCALE:GREGORIAN",
)
_END = "END:VCALENDAR"


class Method(StrEnum):
    """What an invitation asks its reader's program to do (iTIP, RFC 5546 section 3.2)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar to subscribe to, at home in `zone` (RFC 7986 for what describes it).

    `changed_at`: when anything in it changed; `page`: where people read the same; `source`: where
    programs refresh it (left out where that is a secret); `color`: a CSS3 colour name; `alarm`: how
    long before its events it reminds.
    """

    name: str
    zone: str
    changed_at: datetime
    uid: str = ""
    description: str = ""
    page: str = ""
    source: str = ""
    color: str = ""
    events: Sequence[Event] = field(default_factory=tuple)
    alarm: timedelta | None = None

    def encoded(self) -> bytes:
        """The feed with a VTIMEZONE for its home and for every zone that its events use."""
        head = written([*_BEGIN, *self._described()])
        zones = written(_zones(self.events, self.zone, self.changed_at))
        alarm = self.alarm
        body = "".join([event.written(alarm) for event in self.events])
        return f"{head}{zones}{body}{_END}\r\n".encode()

    def _described(self) -> list[str]:
        name, description = text(self.name), text(self.description)
        lines = [
            f"NAME:{name}",
            f"X-WR-CALNAME:{name}",
            f"DESCRIPTION:{description}",
            f"X-WR-CALDESC:{description}",
            f"X-WR-TIMEZONE:{self.zone}",
            f"LAST-MODIFIED:{instant(self.changed_at)}",
            f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
            f"X-PUBLISHED-TTL:{REFRESH}",
        ]
        known = {
            "UID:": self.uid,
            "URL:": self.page,
            "SOURCE;VALUE=URI:": self.source,
            "COLOR:": self.color,
        }
        return lines + [f"{name}{value}" for name, value in known.items() if value]


def single(event: Event, method: Method | None = None) -> bytes:
    """One event by itself: a file to open, or with `method` an invitation (RFC 6047)."""
    asked = [f"METHOD:{method}"] if method else []
    zones = _zones([event], event.zone, event.slot.start)
    return f"{written([*_BEGIN, *asked, *zones])}{event.written()}{_END}\r\n".encode()


def several(events: Sequence[Event]) -> bytes:
    """Some events of one home as a file to open."""
    first = events[0]
    zones = _zones(events, first.zone, first.slot.start)
    body = "".join([event.written() for event in events])
    return f"{written([*_BEGIN, *zones])}{body}{_END}\r\n".encode()


class BusyKind(StrEnum):
    """Why time cannot be had (FBTYPE, RFC 5545 section 3.2.9)."""

    BUSY = "BUSY"
    TENTATIVE = "BUSY-TENTATIVE"
    UNAVAILABLE = "BUSY-UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class FreeBusy:
    """When something is busy within `window` (VFREEBUSY, section 3.6.4)."""

    uid: str
    window: Interval
    asked_at: datetime
    busy: Sequence[tuple[Interval, BusyKind]]
    url: str = ""

    def encoded(self) -> bytes:
        return encoded(
            [
                *_BEGIN,
                "BEGIN:VFREEBUSY",
                f"UID:{self.uid}",
                f"DTSTAMP:{instant(self.asked_at)}",
                f"DTSTART:{instant(self.window.start)}",
                f"DTEND:{instant(self.window.end)}",
                *([f"URL:{self.url}"] if self.url else []),
                *(
                    f"FREEBUSY;FBTYPE={kind}:{instant(slot.start)}/{instant(slot.end)}"
                    for slot, kind in self.busy
                ),
                "END:VFREEBUSY",
                _END,
            ]
        )


def _zones(events: Sequence[Event], home: str, at: datetime) -> list[str]:
    """The VTIMEZONEs, home first, covering every event and `at`."""
    first = min([at, *[event.slot.start for event in events]]).year
    last = max([at, *[event.slot.end for event in events]]).year
    named = dict.fromkeys([home, *[event.zone for event in events]])
    return [line for zone in named for line in vtimezone(zone, first, last + 1)]
