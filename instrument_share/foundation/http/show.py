"""How values are shown to a reader: CLDR formats, and each time in the instrument's and the reader's zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_timezone_location,
    get_timezone_name,
)
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from flask_babel import get_timezone, gettext

from ..clock import now, zone
from ..interval import Interval
from ..isolates import isolated
from ..localized import LocalizedText, in_language
from ..money import decimal_of
from .speaking import locale_now


@dataclass(frozen=True, slots=True)
class ShownPeriod:
    """A period as text in the instrument's zone and the reader's, each with the zone's name.

    `same` where both clocks agree during it, so that the second may be left out.
    """

    instrument_time: str
    instrument_zone: str
    reader_time: str
    reader_zone: str
    same: bool
    iso_start: str
    iso_end: str

    @property
    def on_instrument_clock(self) -> str:
        return on_clock(self.instrument_time, self.instrument_zone)

    @property
    def on_reader_clock(self) -> str:
        return on_clock(self.reader_time, self.reader_zone)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as people read it, and as a chart does."""

    text: str
    number: float


def language_tag() -> str:
    """The reader's language as a BCP 47 tag."""
    return _tag(locale_now())


def localized(text: LocalizedText | None) -> str:
    return in_language(text, language_tag())


def isolated_here(text: str) -> str:
    """A name in a line of plain text: isolated where lines run from right to left; `bdi` is for HTML."""
    return isolated(text) if locale_now().text_direction == "rtl" else text


def period(slot: Interval, instrument_zone: str) -> ShownPeriod:
    """`[start, end)` for people, in both zones."""
    reader = str(get_timezone())
    here, there = (_span(slot, name) for name in (instrument_zone, reader))
    return ShownPeriod(
        instrument_time=here,
        instrument_zone=zone_name(instrument_zone, slot.start),
        reader_time=there,
        reader_zone=zone_name(reader, slot.start),
        same=_agree(instrument_zone, reader, slot.start, slot.end),
        iso_start=slot.start.isoformat(),
        iso_end=slot.end.isoformat(),
    )


def both_times(instant: dt.datetime, instrument_zone: str) -> ShownPeriod:
    """An instant for people, in both zones."""
    reader = str(get_timezone())
    iso = instant.isoformat()
    return ShownPeriod(
        instrument_time=moment(instant, instrument_zone),
        instrument_zone=zone_name(instrument_zone, instant),
        reader_time=moment(instant, reader),
        reader_zone=zone_name(reader, instant),
        same=_agree(instrument_zone, reader, instant),
        iso_start=iso,
        iso_end=iso,
    )


def moment(instant: dt.datetime, zone_name_: str) -> str:
    """Date and time of an instant on the clock of a zone."""
    local = instant.astimezone(zone(zone_name_))
    return f"{_day(locale_now(), local.date())} {clock(local)}"


def zoned(instant: dt.datetime, name: str) -> str:
    """Date and time on the clock of a zone, and which zone that is."""
    return on_clock(moment(instant, name), zone_name(name, instant))


def on_clock(time: str, zone_: str) -> str:
    """A shown time with the zone that it is in: `Nov 26, 9:00, Almaty (UTC+5)`."""
    return gettext("%(time)s, %(zone)s", time=time, zone=zone_)


def clock(local: dt.datetime | dt.time) -> str:
    """The wall time as a clock shows it, in the reader's short form."""
    return _clock(locale_now(), local.hour, local.minute)


def weekday(day: dt.date) -> str:
    """The short name of a day of the week."""
    return _weekday(locale_now(), day.weekday())


def zone_name(name: str, at: dt.datetime | None = None) -> str:
    """A zone as people say it, with its offset: `Almaty (UTC+5)`."""
    at = at or now()
    offset = at.astimezone(zone(name)).utcoffset() or dt.timedelta()
    if name in ("UTC", "Etc/UTC"):
        return "UTC"
    city = _city(locale_now(), name)
    total = int(offset.total_seconds() // 60)
    sign, (hours, minutes_) = "-" if total < 0 else "+", divmod(abs(total), 60)
    return f"{city} (\u2066UTC{sign}{hours}{f':{minutes_:02}' if minutes_ else ''}\u2069)"


def date(day: dt.date | str, style: str = "medium") -> str:
    return _date(locale_now(), dt.date.fromisoformat(day) if isinstance(day, str) else day, style)


def month(day: dt.date) -> str:
    """The month of a day in short, as a table or chart names it."""
    return format_skeleton("MMM", day, locale=locale_now())


def minutes(total: int) -> str:
    """A length of time in hours and minutes, in words short enough for a table."""
    sign = "−" if total < 0 else ""
    hours, rest = divmod(abs(total), 60)
    if not hours:
        return sign + gettext("%(minutes)s min", minutes=number(rest))
    if not rest:
        return sign + gettext("%(hours)s h", hours=number(hours))
    return sign + gettext("%(hours)s h %(minutes)s min", hours=number(hours), minutes=number(rest))


def money(minor: int, currency: str) -> str:
    """An amount in the currency's minor unit."""
    locale = locale_now()
    text = format_currency(decimal_of(minor, currency), currency, locale=locale)
    if locale.text_direction == "ltr":
        return text
    symbol = get_currency_symbol(currency, locale=locale)
    return text.replace(symbol, f"\u2066{symbol}\u2069")  # else CN¥ reads ¥CN among Arabic words


def size(length: int) -> str:
    """So many bytes, as people read them."""
    if length < 1024**2:
        return gettext("%(size)s kB", size=number(max(1, round(length / 1024))))
    return gettext("%(size)s MB", size=number(round(length / 1024**2, 1)))


def number(value: float) -> str:
    return format_decimal(value, locale=locale_now())


def percent(share: float) -> str:
    return format_percent(share, format="#,##0.#%", locale=locale_now())


def listed(names: Sequence[str]) -> str:
    """Several names in one line, as the reader's language joins them."""
    return format_list(list(names), locale=locale_now())


def country(code: str) -> str:
    """A country's name in the reader's language."""
    return locale_now().territories.get(code, code)


# What CLDR makes of a value depends on the locale and the value alone, so that it may be kept.


@lru_cache(maxsize=64)
def _tag(locale: Locale) -> str:
    return str(locale).replace("_", "-")


@lru_cache(maxsize=8 * 24 * 60)
def _clock(locale: Locale, hour: int, minute: int) -> str:
    """The half of the day stays beside its hour: `9:00 ص` is not broken over two lines."""
    return format_time(dt.time(hour, minute), "short", locale=locale).replace(" ", "\u00a0")


@lru_cache(maxsize=64)
def _weekday(locale: Locale, number: int) -> str:
    return format_date(dt.date(2024, 1, 1) + dt.timedelta(days=number), "EEE", locale=locale)


@lru_cache(maxsize=4096)
def _day(locale: Locale, day: dt.date) -> str:
    return format_skeleton("yMMMEd", day, locale=locale)


@lru_cache(maxsize=4096)
def _date(locale: Locale, day: dt.date, style: str) -> str:
    return format_date(day, style, locale=locale)


@lru_cache(maxsize=1024)
def _city(locale: Locale, name: str) -> str:
    return get_timezone_location(name, locale=locale, return_city=True) or get_timezone_name(
        name, locale=locale
    )


def _span(slot: Interval, name: str) -> str:
    start, end = (moment_.astimezone(zone(name)) for moment_ in (slot.start, slot.end))
    first = moment(slot.start, name)
    if start.date() == end.date():
        return f"{first} – {clock(end)}"
    return f"{first} – {moment(slot.end, name)}"


def _agree(one: str, other: str, *instants: dt.datetime) -> bool:
    """Whether the clocks of two zones show the same at these instants."""
    return all(
        at.astimezone(zone(one)).utcoffset() == at.astimezone(zone(other)).utcoffset()
        for at in instants
    )
