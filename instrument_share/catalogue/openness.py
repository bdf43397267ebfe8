"""Whether instruments are open to a person: known to the access floor, asked by the search.

Access registers its answer when it is connected: `openness.register(criterion_for)`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, true

from ..identity.models import Person

#: (person, day) -> SQL condition on `Instrument` joined with `Facility`, true where the instrument
#: is open to the person.
Criterion = Callable[[Person, date], ColumnElement[bool]]

_providers: list[Criterion] = []


def register(provider: Criterion) -> None:
    """Say who knows; the last one to register is asked."""
    _providers[:] = [provider]


def open_to(person: Person, on: date) -> ColumnElement[bool]:
    """The condition under which a row of instruments is open to the person on that day."""
    return _providers[0](person, on) if _providers else true()
