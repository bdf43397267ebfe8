"""Everything that waits for a person: each floor above says what it knows, the inbox shows it all.

A room registers one function when it is connected (its `hearers.connect`); registering again replaces it:

    waiting.register("decisions", lazy_gettext("Your decision"), decisions_of, place=10)

`decisions_of(person, at)` gives a Pile in a constant number of statements, or None where nothing waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString

from .models import Person

#: So many of a kind are shown; the pile's page has the others.
MOST = 5


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to do: what it is about, where it is done, and until when. Texts are in the reader's language."""

    about: str
    url: str
    detail: str = ""
    due: datetime | None = None
    time_zone: str = "UTC"  # of the place that it is about


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind, the most urgent first; `total` counts those that are not shown, too."""

    things: Sequence[Thing]
    total: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A pile under its title."""

    name: str
    title: LazyString
    pile: Pile


Provider = Callable[[Person, datetime], Pile | None]


@dataclass(frozen=True, slots=True)
class _Registered:
    title: LazyString
    provider: Provider
    place: int


_providers: dict[str, _Registered] = {}


def register(name: str, title: LazyString, provider: Provider, *, place: int) -> None:
    """Say what waits for people; lower places stand higher in the inbox."""
    _providers[name] = _Registered(title, provider, place)


def waiting_for(person: Person, at: datetime) -> list[Heading]:
    """What waits for the person, kind by kind; kinds of which nothing waits are left out."""
    ordered = sorted(_providers.items(), key=lambda entry: entry[1].place)
    piles = ((name, it.title, it.provider(person, at)) for name, it in ordered)
    return [Heading(name, title, pile) for name, title, pile in piles if pile and pile.total]
