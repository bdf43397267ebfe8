"""The list of places whose policy one may write: searched, filtered and shown page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import LazyString, lazy_gettext
from marshmallow import EXCLUDE, fields, validate

from ...foundation.http.paging import Page, PageQuery
from ...foundation.http.schema import Text
from ...foundation.localized import LocalizedText
from ...identity.models import Person
from . import queries
from .in_force import InForce
from .places import KINDS, Place, places_of

#: Where what decides at a place comes from, and whether a draft waits there.
STATES: Mapping[str, LazyString] = {
    "own": lazy_gettext("Has a policy of its own"),
    "wider": lazy_gettext("Follows its facility or host"),
    "built_in": lazy_gettext("Follows the built-in policy"),
    "draft": lazy_gettext("Has a draft"),
}
KIND_NAMES: Mapping[str, LazyString] = {
    "host": lazy_gettext("Host institution"),
    "facility": lazy_gettext("Facility"),
    "instrument": lazy_gettext("Instrument"),
}


class PlaceQuery(PageQuery):
    """What the search form of the list asks for."""

    class Meta:
        unknown = EXCLUDE

    #: The fields of the form.
    asked = ("q", "host", "kind", "state")

    q = Text(most=200, load_default="")
    host = Text(most=80, load_default="")
    kind = fields.String(load_default="", validate=validate.OneOf(["", *KINDS]))
    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))


@dataclass(frozen=True, slots=True)
class Listed:
    """A place, what decides there now, whether a draft waits, and the names of the places around it."""

    place: Place
    in_force: InForce
    has_draft: bool
    around: Sequence[LocalizedText]

    @property
    def states(self) -> frozenset[str]:
        scope = self.in_force.scope
        source = "built_in" if scope is None else "own" if scope == self.place.scope else "wider"
        return frozenset({source, "draft"} if self.has_draft else {source})


def listed(person: Person, at: datetime) -> list[Listed]:
    """Every place whose policy the person may write, each under the wider ones."""
    rows = queries.in_force_everywhere(places_of(person), at)
    drafts = queries.scopes_with_drafts()
    names = {place.path: place.names for place, _ in rows}
    return [
        Listed(place, in_force, place.scope in drafts, _around(place, names))
        for place, in_force in rows
    ]


def hosts_of(rows: Iterable[Listed]) -> dict[str, LocalizedText]:
    return {row.place.host.slug: row.place.host.names for row in rows}


def page_of(rows: Iterable[Listed], asked: Mapping[str, Any]) -> Page[Listed]:
    """The page that was asked for of the rows that fit, in their order."""
    fitting = [row for row in rows if _fits(row, asked)]
    first = (asked["page"] - 1) * asked["page_size"]
    items = fitting[first : first + asked["page_size"]]
    return Page(items, len(fitting), asked["page"], asked["page_size"])


def _around(place: Place, names: Mapping[tuple[str, ...], LocalizedText]) -> list[LocalizedText]:
    wider = [names.get(place.path[:length]) for length in range(2, len(place.path))]
    own_host = [place.host.names] if len(place.path) > 1 else []
    return own_host + [each for each in wider if each]


def _fits(row: Listed, asked: Mapping[str, Any]) -> bool:
    return (
        asked["host"] in ("", row.place.host.slug)
        and asked["kind"] in ("", row.place.kind)
        and (not asked["state"] or asked["state"] in row.states)
        and _is_called(row, asked["q"].casefold())
    )


def _is_called(row: Listed, words: str) -> bool:
    """Whether all the words stand in its name, or in a name of a place around it, in any language."""
    texts = [name for names in (row.place.names, *row.around) for name in names.values()]
    told = " ".join([*texts, *row.place.path]).casefold()
    return all(word in told for word in words.split())
