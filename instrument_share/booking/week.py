"""The week of an instrument: free and busy time day by day, in words, for its page and for the booking form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask import request, url_for
from flask_babel import get_timezone, gettext

from ..catalogue import panels
from ..catalogue.models import Instrument
from ..foundation.clock import zone
from ..foundation.holidays import holiday_name
from ..foundation.http import show
from ..foundation.http.speaking import locale_now
from ..foundation.interval import Interval
from ..foundation.localtime import days_between, midnight_of
from ..foundation.weekends import weekend_of
from ..identity.models import Person
from .availability.explained import Explained, Part, explained_availability
from .availability.patterns import hours_of_instrument
from .models import Booking
from .rules import Action

LENGTH = 7
#: The id of the form by which a booking is moved.
MOVE_FORM = "move"
#: What a link into the form asks for where so much is free; never more than the longest booking.
_SUGGESTED_MINUTES = 240


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of a day: `kind` free or busy, its times on both clocks, and where to ask for it."""

    kind: str
    instrument_time: str
    reader_time: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the instrument's calendar."""

    iso: str
    label: str
    note: str
    rows: tuple[Row, ...]


def connect() -> None:
    """Show the week on instrument pages."""
    panels.register("week", week_of, template="booking/panels/week.html", place=20)


def week_of(
    instrument: Instrument,
    person: Person | None,
    at: dt.datetime,
    moved: Booking | None = None,
) -> Mapping[str, Any]:
    """Seven days from today, or from the day that the page's `week` argument names.

    For a booking that is `moved` they begin with its own day, its own time is free, and links lead to moving it.
    """
    where = zone(instrument.time_zone)
    today = at.astimezone(where).date()
    begin = max(today, moved.starts_at.astimezone(where).date()) if moved else today
    first = _first_day(today, instrument.horizon_days, begin)
    window = Interval(
        midnight_of(first, where), midnight_of(first + dt.timedelta(days=LENGTH), where)
    )
    last = first + dt.timedelta(days=LENGTH - 1)
    return {
        "label": gettext("%(first)s to %(last)s", first=show.date(first), last=show.date(last)),
        "first": first.isoformat(),
        "days": _days(instrument, window, _available(instrument, window, at, person, moved), moved),
        "source": _source(instrument, moved),
        "book_url": url_for("booking.book", slug=instrument.slug),
        "own": _own(instrument, moved) if moved else None,
        **_ways(instrument, first, today, moved),
        "instrument_zone": show.zone_name(instrument.time_zone, window.start),
        "reader_zone": show.zone_name(str(get_timezone()), window.start),
        "first_day": (locale_now().first_week_day + 1) % 7,
    }


def _available(
    instrument: Instrument,
    window: Interval,
    at: dt.datetime,
    person: Person | None,
    moved: Booking | None,
) -> Explained:
    if moved is None:
        return explained_availability(instrument, window, at, person)
    return explained_availability(instrument, window, at, person, seat=moved.seat, mover=moved.id)


def _source(instrument: Instrument, moved: Booking | None) -> str:
    """Where the drawn week reads what is free."""
    asked: dict[str, Any] = {}
    if moved is not None:
        asked = {"moving": moved.reference, "position": moved.seat.position}
        asked |= {"whole": "true"} if moved.whole else {}
    return url_for("booking_api.availability", slug=instrument.slug, **asked)


def _own(instrument: Instrument, moved: Booking) -> dict[str, Any]:
    """The booking that is moved, for the drawn week."""
    return {
        "start": moved.starts_at,
        "end": moved.ends_at,
        "form": MOVE_FORM,
        "step": instrument.granularity_minutes,
        "shortest": instrument.shortest_minutes,
        "longest": instrument.longest_minutes,
        "zone": show.zone_name(instrument.time_zone, moved.starts_at),
        "reader_zone": show.zone_name(str(get_timezone()), moved.starts_at),
    }


def _first_day(today: dt.date, horizon_days: int, begin: dt.date) -> dt.date:
    """The day that the page asks for, as far as the calendar is open; else the one to begin with."""
    try:
        asked = dt.date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        asked = begin
    return min(max(asked, today), today + dt.timedelta(days=horizon_days))


def _ways(
    instrument: Instrument, first: dt.date, today: dt.date, moved: Booking | None
) -> dict[str, str]:
    """Links to the week before, to today and to the week after; empty where there is nothing."""
    week = dt.timedelta(days=LENGTH)
    is_later, following = first > today, first + week
    is_open = (following - today).days <= instrument.horizon_days
    return {
        "previous_url": _page_of(max(first - week, today)) if is_later else "",
        "today_url": _page_of(today if moved else None) if is_later else "",
        "next_url": _page_of(following) if is_open else "",
    }


def _page_of(first: dt.date | None) -> str:
    """This page with another week, its other arguments kept."""
    others = {
        name: value
        for name, value in request.args.items()
        if name not in ("week", "start", "minutes", "from", "until", "choose")
    }
    week = {"week": first.isoformat()} if first else {}
    arguments: dict[str, Any] = {**others, **week, **(request.view_args or {})}
    return url_for(request.endpoint or "", **arguments) + "#week"


def _days(
    instrument: Instrument, window: Interval, parts: Explained, moved: Booking | None
) -> list[Day]:
    where = zone(instrument.time_zone)
    bounds = list(_bounds(window, where))
    rows: dict[dt.date, list[Row]] = {day: [] for day, _ in bounds}
    stretches = [("free", _why_free(each), each.slot) for each in parts.free]
    stretches += [("busy", _why_busy(each), each.slot) for each in parts.busy]
    link, clocks = _links(instrument, moved), (where, zone(str(get_timezone())), locale_now())
    for kind, label, slot in sorted(stretches, key=lambda entry: entry[2]):
        for day, part in _by_day(slot, bounds):
            url = link(part) if kind == "free" else ""
            hours = _hours_on_both_clocks(part.start, part.end, day, *clocks)
            rows[day].append(Row(kind, *hours, label, url))
    return [_day(instrument, day, found) for day, found in rows.items()]


def _day(instrument: Instrument, day: dt.date, rows: Iterable[Row]) -> Day:
    note = " · ".join(_notes(instrument, day))
    return Day(day.isoformat(), show.date(day, "full"), note, tuple(rows))


def _notes(instrument: Instrument, day: dt.date) -> list[str]:
    """What is special about a day: the weekend is that of the host's country, holidays are those it keeps."""
    notes = []
    if instrument.holiday_territory:
        notes.append(holiday_name(day, instrument.holiday_territory, show.language_tag()))
    if day.weekday() in weekend_of(instrument.facility.host.country):
        notes.append(gettext("weekend"))
    if not hours_of_instrument(instrument).on(day):
        notes.append(gettext("no opening hours"))
    return [note for note in notes if note]


def _bounds(window: Interval, where: ZoneInfo) -> Iterator[tuple[dt.date, Interval]]:
    """The days of a window that begins and ends at midnight, each from midnight to midnight."""
    for day in days_between(window.start, window.end, where):
        yield day, _whole(day, where)


@lru_cache(maxsize=1024)
def _whole(day: dt.date, where: ZoneInfo) -> Interval:
    """A day from midnight to midnight."""
    return Interval(midnight_of(day, where), midnight_of(day + dt.timedelta(days=1), where))


def _by_day(
    slot: Interval, days: Iterable[tuple[dt.date, Interval]]
) -> Iterator[tuple[dt.date, Interval]]:
    """What lies of a stretch on each of the days."""
    for day, whole in days:
        if slot.overlaps(whole) and (part := slot.clipped(whole)):
            yield day, part


@lru_cache(maxsize=8192)
def _hours_on_both_clocks(
    start: dt.datetime, end: dt.datetime, day: dt.date, here: ZoneInfo, reader: ZoneInfo, _: Locale
) -> tuple[str, str]:
    """The times on the instrument's clock, and on the reader's where it shows others; in the language spoken now,
    which is given so that each is kept for its own. A week has forty stretches, and most readers look at this one.
    """
    slot = Interval(start, end)
    shown = _hours(slot, here, day)
    there = shown if reader is here else _hours(slot, reader, day)
    return shown, there if there != shown else ""


def _links(instrument: Instrument, moved: Booking | None) -> Callable[[Interval], str]:
    """Where a stretch of free time is asked for."""
    if moved is not None:
        return lambda slot: _move_url(moved, slot)
    form = url_for("booking.book", slug=instrument.slug)
    return lambda slot: _ask_url(form, instrument, slot)


def _ask_url(form: str, instrument: Instrument, slot: Interval) -> str:
    wished = max(_SUGGESTED_MINUTES, instrument.shortest_minutes)
    minutes = min(wished, instrument.longest_minutes, slot.minutes)
    start = slot.start.isoformat().replace("+00:00", "Z")
    return f"{form}?start={start}&minutes={minutes}#request"


def _move_url(moved: Booking, slot: Interval) -> str:
    """Where the booking is moved to the start of free time; as long as it is, or as the free time is."""
    until = slot.start + min(moved.slot.duration, slot.duration)
    times: dict[str, Any] = {"from": slot.start.isoformat(), "until": until.isoformat()}
    page = url_for("booking.act", reference=moved.reference, action=Action.RESCHEDULE, **times)
    return f"{page}#{MOVE_FORM}"


def _hours(slot: Interval, where: ZoneInfo, day: dt.date) -> str:
    """From when until when on a clock; with the weekday where the clock is on another day than `day`."""
    if slot == _whole(day, where):
        return gettext("the whole day")
    start, end = slot.start.astimezone(where), slot.end.astimezone(where)
    first = show.clock(start)
    if start.date() != day:
        first = f"{show.weekday(start)} {first}"
    return f"{first} – {show.clock(end)}"


def _why_busy(part: Part) -> str:
    if part.kind == "booked":
        return gettext("busy")
    told = show.localized(part.title)
    if part.kind == "blocking":
        return told or gettext("reserved")
    return gettext("closed: %(reason)s", reason=told) if told else gettext("closed")


def _why_free(part: Part) -> str:
    purpose = show.localized(part.title)
    if not purpose:
        return ""
    if part.in_part:
        return gettext("in part reserved for you: %(purpose)s", purpose=purpose)
    return gettext("reserved for you: %(purpose)s", purpose=purpose)
