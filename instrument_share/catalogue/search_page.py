"""The search page's links: which filters are chosen, what another choice would show, the next page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from ..foundation.http import show
from ..foundation.http.paging import Page
from .models import Instrument
from .schemas import ALL_OF_IT

#: Values of one facet that the page offers; those chosen are always among them.
_MOST_OPTIONS = 10
#: Minutes.
_LENGTHS = (30, 60, 120, 240, 480)
_GROUPS = ("open_to_me", "field", "mode", "technique", "country", "host")


class SearchPage:
    """Everything around the hits, made from the query as it was typed and the facets' counts."""

    def __init__(
        self,
        typed: MultiDict[str, str],
        facets: Mapping[str, list[dict[str, Any]]],
        page: Page[Instrument],
    ) -> None:
        self._typed, self._facets, self._page = typed, facets, page

    @property
    def groups(self) -> list[dict[str, Any]]:
        """What the macro `facets` shows."""
        titles = _titles()
        return [
            {"name": name, "label": titles[name], "options": self._options(name)}
            for name in _GROUPS
            if name in self._facets
        ]

    @property
    def chosen(self) -> list[dict[str, str]]:
        """The filters in force, each with the address of the page without it."""
        facets = [
            {"label": option["label"], "remove_url": self._without(name, option["value"])}
            for name in _GROUPS
            for option in self._facets.get(name, ())
            if option["value"] in self._typed.getlist(name)
        ]
        if self._typed.get("free_from") or self._typed.get("free_until"):
            label = gettext("Free in the time chosen")
            facets.append({"label": label, "remove_url": self._any_time()})
        return facets

    @property
    def lengths(self) -> list[tuple[int, str]]:
        """For how long one may ask; a length that came from elsewhere is among them."""
        typed = self._typed.get("free_minutes", "")
        asked = {int(typed)} if typed.isascii() and typed.isdecimal() and len(typed) < 6 else set()
        lengths = sorted({*_LENGTHS, *asked} - {ALL_OF_IT})
        return [(each, show.minutes(each)) for each in lengths] + [
            (ALL_OF_IT, gettext("All of that time"))
        ]

    @property
    def paging(self) -> dict[str, Any]:
        """What the macro `paging` shows."""
        number, count = self._page.page, self._page.pages
        return {
            "number": number,
            "count": count,
            "previous_url": self._numbered(number - 1) if number > 1 else None,
            "next_url": self._numbered(number + 1) if number < count else None,
        }

    @property
    def kept(self) -> dict[str, str]:
        """What the form of filters sends along."""
        return {"q": self._typed.get("q", "")}

    @property
    def clear_url(self) -> str:
        return url_for("catalogue.search", q=self._typed.get("q") or None)

    def _options(self, name: str) -> list[dict[str, Any]]:
        ticked = self._typed.getlist(name)
        rows = [row | {"checked": row["value"] in ticked} for row in self._facets[name]]
        rows.sort(key=lambda row: not row["checked"])
        most = max(_MOST_OPTIONS, sum(row["checked"] for row in rows))
        return sorted(rows[:most], key=lambda row: -row["count"])

    def _without(self, name: str, value: str) -> str:
        rest = [other for other in self._typed.getlist(name) if other != value]
        return self._address({name: rest, "page": []})

    def _any_time(self) -> str:
        return self._address({name: [] for name in (*_TIME, "page")})

    def _numbered(self, number: int) -> str:
        return self._address({"page": [str(number)]})

    def _address(self, changes: dict[str, list[str]]) -> str:
        values = {name: [v for v in vs if v] for name, vs in self._typed.lists()} | changes
        known = {name: values[name] for name in values if name in _KNOWN and values[name]}
        return url_for("catalogue.search", **known)  # type: ignore[arg-type]


_TIME = ("free_from", "free_from_time", "free_until", "free_until_time", "free_minutes")
_KNOWN = frozenset({*_GROUPS, *_TIME, "q", "page", "lang"})


def _titles() -> dict[str, str]:
    return {
        "open_to_me": gettext("Who may use it"),
        "field": gettext("Research field"),
        "mode": gettext("Access mode"),
        "technique": gettext("Technique"),
        "country": gettext("Country"),
        "host": gettext("Host institution"),
    }
