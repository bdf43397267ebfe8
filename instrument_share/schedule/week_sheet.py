"""The week of one instrument on a sheet for the door of its laboratory.

Whoever may see the bookings gets their references and institutions printed; to everybody else time
is taken. Nobody's name is on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_skeleton
from flask import url_for
from flask_babel import force_locale, gettext

from ..booking.appointments import STATUS
from ..catalogue.models import Instrument
from ..catalogue.queries import closures_of, instrument_by_slug, subject_of
from ..foundation.calendar.event import Status
from ..foundation.clock import zone
from ..foundation.http import show
from ..foundation.interval import Interval
from ..foundation.languages import DEFAULT, LANGUAGES, Language, language_of
from ..foundation.localized import written_in
from ..foundation.localtime import midnight_of
from ..identity.acting import actor_of
from ..identity.models import Person
from ..identity.rules import Permission, may
from .addresses import public_url
from .queries import held_within

_LENGTH = 7


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in the page's language and in the sheet's second one."""

    first: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A stretch of a day. Reference and institution are for those who may see the booking."""

    kind: str
    time: str
    word: Words
    reference: str = ""
    institution: str = ""


@dataclass(frozen=True, slots=True)
class SheetDay:
    """A day on the instrument's clock."""

    iso: str
    name: Words
    is_today: bool
    rows: list[SheetRow]


@dataclass(frozen=True, slots=True)
class _Stretch:
    slot: Interval
    kind: str
    reference: str = ""
    institution: str = ""


class WeekSheet:
    """Seven days of the instrument from the Monday before `day` on, on its own clock."""

    def __init__(self, slug: str, day: date | None, person: Person | None, at: datetime) -> None:
        """Raises NotFound."""
        self._instrument = instrument_by_slug(slug)
        self._zone = zone(self._instrument.time_zone)
        self._today = at.astimezone(self._zone).date()
        wanted = day or self._today
        self._first = wanted - timedelta(days=wanted.weekday())
        self._names_them = person is not None and _may_see(person, self._instrument)
        self._second = _second_language(self._instrument)
        self._at = at

    @property
    def slug(self) -> str:
        return self._instrument.slug

    @property
    def name(self) -> str:
        return show.localized(self._instrument.names)

    @property
    def second_name(self) -> str:
        name = self._instrument.names.get(self.second_language, "")
        return name if name != self.name else ""

    @property
    def second_language(self) -> str:
        return self._second.tag

    @property
    def facility(self) -> str:
        return show.localized(self._instrument.facility.names)

    @property
    def zone(self) -> str:
        return show.zone_name(self._instrument.time_zone, self._window.start)

    @property
    def label(self) -> str:
        first, last = self._first, self._first + timedelta(days=_LENGTH - 1)
        return gettext("%(first)s to %(last)s", first=show.date(first), last=show.date(last))

    @property
    def url(self) -> str:
        return public_url("catalogue.instrument", slug=self.slug)

    @property
    def printed(self) -> str:
        return show.moment(self._at, self._instrument.time_zone)

    @property
    def nothing(self) -> Words:
        return self._both(lambda: gettext("nothing taken"))

    @property
    def ask(self) -> Words:
        return self._both(lambda: gettext("Ask for time:"))

    @property
    def days(self) -> list[SheetDay]:
        stretches = self._stretches()
        return [
            self._day(self._first + timedelta(days=number), stretches) for number in range(_LENGTH)
        ]

    def address(self, days: int) -> str:
        """The sheet of an earlier or a later week."""
        week = (self._first + timedelta(days=days)).isoformat()
        return url_for("schedule.week_sheet", slug=self.slug, week=week)

    @property
    def _window(self) -> Interval:
        until = self._first + timedelta(days=_LENGTH)
        return Interval(midnight_of(self._first, self._zone), midnight_of(until, self._zone))

    def _day(self, day: date, stretches: list[_Stretch]) -> SheetDay:
        whole = Interval(
            midnight_of(day, self._zone), midnight_of(day + timedelta(days=1), self._zone)
        )
        rows = [
            SheetRow(
                stretch.kind,
                self._hours(part, whole),
                self._word(stretch.kind),
                stretch.reference,
                stretch.institution,
            )
            for stretch in stretches
            if (part := stretch.slot.clipped(whole))
        ]
        name = self._both(lambda: format_skeleton("MMMEd", day, locale=_locale()))
        return SheetDay(day.isoformat(), name, day == self._today, rows)

    def _hours(self, part: Interval, whole: Interval) -> str:
        start, end = (moment.astimezone(self._zone) for moment in (part.start, part.end))
        last = "24:00" if part.end == whole.end else f"{end:%H:%M}"
        return f"{start:%H:%M} – {last}"

    def _word(self, kind: str) -> Words:
        return self._both(lambda: str(_words()[kind]))

    def _both(self, say: Callable[[], str]) -> Words:
        first = say()
        with force_locale(self._second.formats):
            second = say()
        return Words(first, second if second != first else "")

    def _stretches(self) -> list[_Stretch]:
        found = [*self._held(), *self._closed()]
        return sorted(found, key=lambda stretch: (stretch.slot, stretch.reference))

    def _held(self) -> Iterator[_Stretch]:
        seen = set()  # a booking of the whole instrument holds every position
        for row in held_within(self._instrument.id, self._window):
            if row.reference in seen:
                continue
            seen.add(row.reference)
            slot = Interval(row.held_from, row.held_until)
            kind = "busy" if STATUS[row.state] is Status.CONFIRMED else "asked"
            if self._names_them:
                yield _Stretch(slot, kind, row.reference, show.localized(row.institution))
            else:
                yield _Stretch(slot, kind)

    def _closed(self) -> Iterator[_Stretch]:
        for row in closures_of([self._instrument.id], self._window):
            if row.kind != "opening":
                yield _Stretch(Interval(row.starts_at, row.ends_at), "closed")


def _may_see(person: Person, instrument: Instrument) -> bool:
    return may(actor_of(person), Permission.SEE_BOOKING, subject_of(instrument))


def _second_language(instrument: Instrument) -> Language:
    """English beside any other language; beside English another one in which the instrument has a name."""
    shown = written_in(instrument.names, show.language_tag())
    if show.language_tag() != DEFAULT.tag:
        return DEFAULT
    written = [
        language
        for language in LANGUAGES
        if language.tag in instrument.names and language.tag not in (shown, DEFAULT.tag)
    ]
    return written[0] if written else language_of(show.language_tag()) or DEFAULT


def _words() -> dict[str, str]:
    return {
        "busy": gettext("taken"),
        "asked": gettext("asked for"),
        "closed": gettext("closed"),
    }


def _locale() -> str:
    return show.language_tag().replace("-", "_")
