"""The page of the timeline: facilities with their rulers, lanes as paths and as words, and its links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from ...catalogue.facets import FACETS
from ...foundation.http import show
from ...foundation.http.paging import Page
from ...foundation.interval import Interval
from ..rules import View
from .clocks import Clock, Mark
from .lanes import Kind, Lane
from .queries import Row
from .spans import Span, length_of

#: The height of a lane in the units in which paths are drawn; a minute is one unit wide.
HEIGHT = 24
_MIDDLE = HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in words, on the reader's clock and on the instrument's where that differs."""

    kind: Kind
    word: str
    reader_time: str
    instrument_time: str
    url: str


class TimelinePage:
    """Everything around the rows: links, clocks and words."""

    def __init__(
        self,
        rows: Page[Row],
        window: Interval,
        day: date,
        typed: MultiDict[str, str],
        *,
        view: View,
        reader_zone: str,
        at: datetime,
    ) -> None:
        self.rows, self.window, self.day, self.view = rows, window, day, view
        self.length, self.height, self.middle = length_of(window), HEIGHT, _MIDDLE
        self._typed, self._names_days = typed, view is View.WEEK
        self.clock = Clock(reader_zone, window, names_days=self._names_days)
        self.now = (at - window.start) // timedelta(minutes=1) if at < window.end else None
        if self.now is not None and self.now < 0:
            self.now = None
        self._words = _words()

    @property
    def label(self) -> str:
        """The day or the week in words."""
        if self.view is View.DAY:
            return show.date(self.day, "full")
        last = self.day + timedelta(days=6)
        return gettext("%(first)s to %(last)s", first=show.date(self.day), last=show.date(last))

    @property
    def facilities(self) -> Iterator[dict[str, Any]]:
        """The rows by facility, each facility with its own clock where that is not the reader's."""
        by_facility = groupby(self.rows.items, key=lambda row: row.instrument.facility_slug)
        for slug, rows in by_facility:
            items = list(rows)
            first = items[0].instrument
            clock = Clock(first.time_zone, self.window, names_days=self._names_days)
            other = None if clock.agrees_with(self.clock) else clock
            yield {
                "slug": slug,
                "name": show.localized(first.facility_names),
                "time_zone": first.time_zone,
                "zone": show.zone_name(first.time_zone, self.window.start),
                "marks": other.marks() if other else [],
                "lanes": [self._row_shown(row, other) for row in items],
            }

    @property
    def marks(self) -> list[Mark]:
        return self.clock.marks()

    def address(self, **changes: Any) -> str:
        """This page with other arguments; None takes one away."""
        kept = {name: values for name, values in self._typed.lists() if name in _KEPT}
        return url_for("schedule.timeline", **(kept | {"page": None} | changes))

    def turned(self, by: int) -> str:
        """This page so many days, or weeks, later; negative: earlier."""
        days = by * (7 if self.view is View.WEEK else 1)
        return self.address(day=(self.day + timedelta(days=days)).isoformat())

    @property
    def paging(self) -> dict[str, Any]:
        """What the macro `paging` shows."""
        number, count = self.rows.page, self.rows.pages
        return {
            "number": number,
            "count": count,
            "previous_url": self.address(page=number - 1) if number > 1 else None,
            "next_url": self.address(page=number + 1) if number < count else None,
        }

    def _row_shown(self, row: Row, other: Clock | None) -> dict[str, Any]:
        slug = row.instrument.slug
        return {
            "slug": slug,
            "name": show.localized(row.instrument.names),
            "step": row.instrument.granularity_minutes,
            "paths": {kind: path_of(spans) for kind, spans in row.lane.spans.items()},
            "own": [(path_of([own.span]), own) for own in row.lane.own],
            "stretches": list(self._stretches(row.lane, other)),
        }

    def _stretches(self, lane: Lane, other: Clock | None) -> Iterator[Stretch]:
        for span, kind, reference in lane.listed:
            yield Stretch(
                kind,
                self._words[kind],
                self.clock.text(span),
                other.text(span) if other else "",
                url_for("booking.show", reference=reference) if reference else "",
            )


def path_of(spans: list[Span]) -> str:
    """The spans as one SVG path: a line from start to end of each, as thick as a lane is high."""
    return "".join([f"M{start} {_MIDDLE}H{end}" for start, end in spans])


def filter_choices(
    facets: Mapping[str, list[dict[str, Any]]],
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, label and options of the filters that the search has too."""
    labels = {
        "field": gettext("Research field"),
        "technique": gettext("Technique"),
        "mode": gettext("Access mode"),
        "country": gettext("Country"),
        "host": gettext("Host institution"),
    }
    return [
        (
            name,
            labels[name],
            [(row["value"], f"{row['label']} ({row['count']})") for row in facets[name]],
        )
        for name in FACETS
    ]


_KEPT = frozenset({*FACETS, "q", "view", "day", "facility", "mine"})


def _words() -> dict[Kind, str]:
    return {
        Kind.SHUT: gettext("outside the opening hours"),
        Kind.CLOSED: gettext("closed"),
        Kind.BUSY: gettext("taken"),
        Kind.ASKED: gettext("asked for"),
        Kind.PARTLY: gettext("partly taken"),
        Kind.MINE: gettext("your booking"),
        Kind.WISHED: gettext("your request"),
    }
