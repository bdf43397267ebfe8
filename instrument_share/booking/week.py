"""The week of an instrument: free and busy time day by day, in words, for its page and for the booking form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from babel.dates import format_date, format_time
from flask import request, url_for
from flask_babel import get_locale, get_timezone, gettext

from ..catalogue import panels
from ..catalogue.models import Instrument
from ..foundation.clock import zone
from ..foundation.http import show
from ..foundation.interval import Interval
from ..foundation.localtime import days_between, midnight_of
from ..identity.models import Person
from .availability.explained import Explained, Part, explained_availability
from .availability.opening import DAYS

LENGTH = 7
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


@dataclass(slots=True)
class Day:
    """A day of the instrument's calendar."""

    iso: str
    label: str
    note: str = ""
    rows: list[Row] = field(default_factory=list)


def connect() -> None:
    """Show the week on instrument pages."""
    panels.register("week", week_of, template="booking/panels/week.html", place=20)


def week_of(instrument: Instrument, person: Person | None, at: dt.datetime) -> Mapping[str, Any]:
    """Seven days from today, or from the day that the page's `week` argument names."""
    where = zone(instrument.time_zone)
    today = at.astimezone(where).date()
    first = _first_day(today, instrument.horizon_days)
    window = Interval(
        midnight_of(first, where), midnight_of(first + dt.timedelta(days=LENGTH), where)
    )
    last = first + dt.timedelta(days=LENGTH - 1)
    return {
        "label": gettext("%(first)s to %(last)s", first=show.date(first), last=show.date(last)),
        "first": first.isoformat(),
        "days": _days(instrument, window, explained_availability(instrument, window, at, person)),
        "source": url_for("booking_api.availability", slug=instrument.slug),
        "book_url": url_for("booking.book", slug=instrument.slug),
        "previous_url": _page_of(max(first - dt.timedelta(days=LENGTH), today))
        if first > today
        else "",
        "today_url": _page_of(None) if first > today else "",
        "next_url": _page_of(first + dt.timedelta(days=LENGTH))
        if _is_open_later(instrument, last, today)
        else "",
        "instrument_zone": show.zone_name(instrument.time_zone, window.start),
        "reader_zone": show.zone_name(str(get_timezone()), window.start),
        "first_day": (get_locale().first_week_day + 1) % 7,
    }


def _first_day(today: dt.date, horizon_days: int) -> dt.date:
    """The day that the page asks for, as far as the calendar is open; else today."""
    try:
        asked = dt.date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return today
    return min(max(asked, today), today + dt.timedelta(days=horizon_days))


def _is_open_later(instrument: Instrument, last: dt.date, today: dt.date) -> bool:
    return (last - today).days < instrument.horizon_days


def _page_of(first: dt.date | None) -> str:
    """This page with another week, its other arguments kept."""
    others = {
        name: value
        for name, value in request.args.items()
        if name not in ("week", "start", "minutes")
    }
    week = {"week": first.isoformat()} if first else {}
    arguments: dict[str, Any] = {**others, **week, **(request.view_args or {})}
    return url_for(request.endpoint or "", **arguments) + "#week"


def _days(instrument: Instrument, window: Interval, parts: Explained) -> list[Day]:
    where = zone(instrument.time_zone)
    days = {
        day: _empty_day(instrument, day) for day in days_between(window.start, window.end, where)
    }
    stretches = [("free", _why_free(each), each.slot) for each in parts.free]
    stretches += [("busy", _why_busy(each), each.slot) for each in parts.busy]
    for kind, label, slot in sorted(stretches, key=lambda entry: entry[2]):
        for day, part in _by_day(slot, window, instrument):
            days[day].rows.append(_row(instrument, day, kind, label, part))
    return list(days.values())


def _empty_day(instrument: Instrument, day: dt.date) -> Day:
    label = format_date(day, "full", locale=get_locale())
    is_closed = not instrument.opening.get(DAYS[day.weekday()])
    return Day(day.isoformat(), label, gettext("no opening hours") if is_closed else "")


def _by_day(
    slot: Interval, window: Interval, instrument: Instrument
) -> Iterable[tuple[dt.date, Interval]]:
    where = zone(instrument.time_zone)
    for day in days_between(slot.start, slot.end, where):
        whole = Interval(midnight_of(day, where), midnight_of(day + dt.timedelta(days=1), where))
        part = slot.clipped(whole)
        if part and window.contains(part):
            yield day, part


def _row(instrument: Instrument, day: dt.date, kind: str, label: str, slot: Interval) -> Row:
    here, reader = instrument.time_zone, str(get_timezone())
    there = _hours(slot, reader, day)
    shown = _hours(slot, here, day)
    url = _ask_url(instrument, slot) if kind == "free" else ""
    return Row(kind, shown, there if there != shown else "", label, url)


def _ask_url(instrument: Instrument, slot: Interval) -> str:
    wished = max(_SUGGESTED_MINUTES, instrument.shortest_minutes)
    minutes = min(wished, instrument.longest_minutes, slot.minutes)
    start = slot.start.isoformat().replace("+00:00", "Z")
    return url_for("booking.book", slug=instrument.slug, start=start, minutes=minutes) + "#request"


def _hours(slot: Interval, zone_name: str, day: dt.date) -> str:
    """From when until when on a clock; with the weekday where the clock is on another day than `day`."""
    start, end = (moment.astimezone(zone(zone_name)) for moment in (slot.start, slot.end))
    first, last = (format_time(moment, "short", locale=get_locale()) for moment in (start, end))
    if start.date() != day:
        first = f"{format_date(start.date(), 'EEE', locale=get_locale())} {first}"
    return f"{first} – {last}"


def _why_busy(part: Part) -> str:
    if part.kind == "blocking":
        return show.localized(part.title) or gettext("reserved")
    return gettext("closed") if part.kind == "closure" else gettext("busy")


def _why_free(part: Part) -> str:
    purpose = show.localized(part.title)
    if not purpose:
        return ""
    if part.in_part:
        return gettext("in part reserved for you: %(purpose)s", purpose=purpose)
    return gettext("reserved for you: %(purpose)s", purpose=purpose)
