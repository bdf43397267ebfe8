"""An event of a calendar (VEVENT, RFC 5545 section 3.6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..interval import Interval
from .content import instant, parameter, text, wall_time


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
    organizer: Mailbox | None = None
    attendee: Mailbox | None = None

    def lines(self) -> list[str]:
        """The content lines, not yet folded."""
        return [
            "BEGIN:VEVENT",
            f"UID:{self.uid}",
            f"DTSTAMP:{instant(self.changed_at)}",
            _time("DTSTART", self.slot.start, self.zone),
            _time("DTEND", self.slot.end, self.zone),
            f"SEQUENCE:{self.sequence}",
            f"LAST-MODIFIED:{instant(self.changed_at)}",
            f"STATUS:{self.status}",
            f"TRANSP:{'TRANSPARENT' if self.status is Status.CANCELLED else 'OPAQUE'}",
            f"CLASS:{'PRIVATE' if self.is_private else 'PUBLIC'}",
            f"SUMMARY:{text(self.summary)}",
            *self._told(),
            *self._people(),
            "END:VEVENT",
        ]

    def _told(self) -> list[str]:
        lines = [f"DESCRIPTION:{text(self.description)}"] if self.description else []
        lines += [f"LOCATION:{text(self.location)}"] if self.location else []
        return lines + ([f"URL:{self.url}"] if self.url else [])

    def _people(self) -> list[str]:
        lines = [self.organizer.as_property("ORGANIZER")] if self.organizer else []
        if self.attendee:
            accepted = ("ROLE=REQ-PARTICIPANT", "PARTSTAT=ACCEPTED", "RSVP=FALSE")
            lines.append(self.attendee.as_property("ATTENDEE", *accepted))
        return lines


def _time(name: str, moment: datetime, zone_name: str) -> str:
    """A time on the zone's clock, in UTC where that clock shows it for the second time (3.3.5)."""
    local = moment.astimezone(_zone(zone_name))
    if local.fold or zone_name in ("UTC", "Etc/UTC"):
        return f"{name}:{instant(moment)}"
    return f"{name};TZID={zone_name}:{wall_time(local)}"


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
