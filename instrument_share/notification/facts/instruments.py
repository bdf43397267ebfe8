"""What a message about an instrument tells: time of it that became free, or a calendar that closes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...catalogue.models import Instrument
from ...catalogue.outside.models import OutsideCalendar
from ...foundation.interval import Interval
from ...foundation.localized import LocalizedText
from .times import bounds_of, slot_within


@dataclass(frozen=True, slots=True)
class FreedTimeFacts:
    """The first free stretch that somebody who watches an instrument is told of, and how many `more` there are."""

    slug: str
    instrument: LocalizedText
    facility: LocalizedText
    time_zone: str
    slot: Interval
    more: int = 0

    @classmethod
    def of(cls, instrument: Instrument, found: Sequence[Interval]) -> FreedTimeFacts:
        return cls(
            instrument.slug,
            instrument.names,
            instrument.facility.names,
            instrument.time_zone,
            found[0],
            len(found) - 1,
        )

    def kept(self) -> dict[str, Any]:
        return {
            "slug": self.slug,
            "instrument": dict(self.instrument),
            "facility": dict(self.facility),
            "time_zone": self.time_zone,
            **bounds_of(self.slot),
            "more": self.more,
        }

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> FreedTimeFacts:
        return cls(
            facts["slug"],
            facts["instrument"],
            facts["facility"],
            facts["time_zone"],
            slot_within(facts),
            facts["more"],
        )


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """An outside calendar that cannot be read, and the instrument that it closes."""

    slug: str
    instrument: LocalizedText
    facility: LocalizedText
    calendar: LocalizedText

    @classmethod
    def of(cls, calendar: OutsideCalendar) -> CalendarFacts:
        instrument = calendar.instrument
        return cls(instrument.slug, instrument.names, instrument.facility.names, calendar.title)

    def kept(self) -> dict[str, Any]:
        return {
            "slug": self.slug,
            "instrument": dict(self.instrument),
            "facility": dict(self.facility),
            "calendar": dict(self.calendar),
        }

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> CalendarFacts:
        return cls(facts["slug"], facts["instrument"], facts["facility"], facts["calendar"])
