"""Whether instruments are open to a person: known to the access floor, asked by the search.

Access registers its answers when it is connected: `openness.register(criterion_for, verdicts_on)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, true

from ..foundation.above import Above
from ..identity.models import Person
from .models import Instrument

#: (person, day) -> SQL condition on `Instrument` joined with `Facility`, true where the instrument
#: is open to the person.
Criterion = Callable[[Person, date], ColumnElement[bool]]

#: (person, a page of instruments, moment) -> whether the person meets every condition of each, by id.
Verdicts = Callable[[Person, Sequence[Instrument], datetime], Mapping[int, bool]]

_criterion: Above[Criterion] = Above(lambda _person, _on: true())
_verdicts: Above[Verdicts] = Above(lambda _person, _instruments, _at: {})


def register(criterion: Criterion, verdicts: Verdicts) -> None:
    """Say who knows."""
    _criterion.register(criterion)
    _verdicts.register(verdicts)


def open_to(person: Person, on: date) -> ColumnElement[bool]:
    """The condition under which a row of instruments is open to the person on that day."""
    return _criterion.ask(person, on)


def verdicts_on(
    person: Person | None, instruments: Sequence[Instrument], at: datetime
) -> Mapping[int, bool]:
    """Whether the person may ask for each of the instruments as they are; nothing is said to a visitor."""
    return _verdicts.ask(person, instruments, at) if person else {}
