"""The desk's facts as its page shows them: the day as a drawn strip and in words, records, and results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_time
from flask import url_for
from flask_babel import get_locale, gettext, ngettext

from ...catalogue.rules import ExceptionKind
from ...foundation.clock import zone
from ...foundation.http import show
from ...foundation.interval import Interval
from .beside import Day
from .bulk import DONE, Decision, Result
from .record import Record

#: A booking that takes longer is told without a strip: hours could not be made out in it.
_LONGEST = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the strip, in thousandths of its width."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Strip:
    """The days of a request: bars to draw, hours between them, and the same in words."""

    bars: list[Bar]
    ticks: list[int]
    words: str


def strip_of(day: Day, time_zone: str) -> Strip | None:
    """The calendar beside a request; None where it takes too long to be drawn."""
    if day.window.end - day.window.start > _LONGEST:
        return None
    taken = [_bar(each.kind, each.slot, day.window) for each in day.taken]
    own = _bar("own", day.booked, day.window)
    return Strip([*taken, own], _ticks(day.window), _words(day, time_zone))


def record_told(record: Record) -> str:
    """A record of the last year in one phrase."""
    if record.is_new:
        return gettext("no bookings in the last year")
    parts = [ngettext("%(num)s booking used", "%(num)s bookings used", record.used)]
    if record.no_shows:
        parts.append(ngettext("%(num)s no-show", "%(num)s no-shows", record.no_shows))
    if record.late_cancellations:
        parts.append(
            ngettext(
                "%(num)s late cancellation",
                "%(num)s late cancellations",
                record.late_cancellations,
            )
        )
    if record.unreported:
        parts.append(
            ngettext(
                "results of %(num)s use missing",
                "results of %(num)s uses missing",
                record.unreported,
            )
        )
    if record.feedback:
        parts.append(
            ngettext("feedback on %(num)s use", "feedback on %(num)s uses", record.feedback)
        )
    return show.listed(parts)


def results_shown(results: Sequence[Result], decision: Decision) -> list[dict[str, str]]:
    """What became of each marked request."""
    return [
        {
            "reference": result.marked.reference,
            "url": _address_of(result),
            "tone": "bad" if result.refusal else "good",
            "status": gettext("Nothing was done") if result.refusal else str(DONE[decision]),
            "why": str(result.refusal.message) if result.refusal else "",
        }
        for result in results
    ]


def _address_of(result: Result) -> str:
    endpoint = "series.show" if result.marked.is_series else "booking.show"
    return url_for(endpoint, reference=result.marked.reference)


def _bar(kind: str, slot: Interval, window: Interval) -> Bar:
    start, end = max(slot.start, window.start), min(slot.end, window.end)
    x = _along(start, window)
    return Bar(kind, x, max(_along(end, window) - x, 4))


def _ticks(window: Interval) -> list[int]:
    """Where every sixth hour is."""
    hours = int((window.end - window.start) / timedelta(hours=1))
    return [_along(window.start + timedelta(hours=hour), window) for hour in range(6, hours, 6)]


def _along(moment: datetime, window: Interval) -> int:
    return round(1000 * ((moment - window.start) / (window.end - window.start)))


def _words(day: Day, time_zone: str) -> str:
    busy = _spans((e.slot for e in day.taken if e.kind != ExceptionKind.CLOSURE), time_zone)
    closed = _spans((e.slot for e in day.taken if e.kind == ExceptionKind.CLOSURE), time_zone)
    told = [gettext("Taken: %(times)s", times=busy)] if busy else []
    if closed:
        told.append(gettext("Closed: %(times)s", times=closed))
    if not told:
        return gettext("Nothing else is booked on that day.")
    named = show.zone_name(time_zone, day.window.start)
    return gettext("%(zone)s: %(what)s", zone=named, what=" · ".join(told))


def _spans(slots: Iterable[Interval], time_zone: str) -> str:
    """Times of day on the instrument's clock, each once."""
    where, locale = zone(time_zone), get_locale()
    ordered = sorted({(slot.start, slot.end) for slot in slots})
    return show.listed(
        [
            "–".join(format_time(at.astimezone(where), "short", locale=locale) for at in span)
            for span in ordered
        ]
    )
