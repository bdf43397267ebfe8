"""What higher floors show on an instrument's page: eligibility, the week with free time, prices.

A floor registers a panel when it is connected (its `hearers.connect`); registering again replaces
it:

    panels.register("week", week_of, template="booking/panels/week.html", place=20)

`week_of(instrument, person, at)` gives what the template sees as `panel` (a mapping), or None to
show nothing. The
template is included in the page and starts with an `h2`; it sees `instrument` too. A panel that is
called `week`
makes the page load the drawn calendar's scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..identity.models import Person
from .models import Facility, Instrument

Provider = Callable[[Instrument, Person | None, datetime], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel ready to be shown: its template and what that sees."""

    name: str
    template: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Registered:
    provider: Provider
    template: str
    place: int


_panels: dict[str, _Registered] = {}


def register(name: str, provider: Provider, *, template: str, place: int) -> None:
    """Offer a panel; lower places stand higher on the page (eligibility 10, week 20, prices 30)."""
    _panels[name] = _Registered(provider, template, place)


def panels_of(instrument: Instrument, person: Person | None, at: datetime) -> list[Panel]:
    """The panels of an instrument's page for whoever reads it, in their order."""
    ordered = sorted(_panels.items(), key=lambda entry: entry[1].place)
    contents = ((name, it, it.provider(instrument, person, at)) for name, it in ordered)
    return [Panel(name, it.template, content) for name, it, content in contents if content]


FacilityProvider = Callable[[Facility, Person | None, datetime], Mapping[str, Any] | None]

_facility_panels: dict[str, tuple[FacilityProvider, str]] = {}


def register_for_facilities(name: str, provider: FacilityProvider, *, template: str) -> None:
    """Offer a panel of a facility's page; it sees `facility` and its `panel`."""
    _facility_panels[name] = provider, template


def panels_of_facility(facility: Facility, person: Person | None, at: datetime) -> list[Panel]:
    """The panels of a facility's page for whoever reads it, in the order of registering."""
    contents = (
        (name, template, provider(facility, person, at))
        for name, (provider, template) in _facility_panels.items()
    )
    return [Panel(name, template, content) for name, template, content in contents if content]
