"""What a request stands on: read when it is needed, or once for all occurrences of a series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from ...access.agreements.models import Agreement
from ...access.agreements.usable import agreement_for
from ...access.eligibility import Eligibility, eligibility_of
from ...access.projects.models import Project
from ...catalogue.models import Instrument
from ...catalogue.queries import bookable_instrument
from ...foundation.errors import NotFound
from ...foundation.interval import Interval
from ...identity.models import Person
from ..availability.surroundings import Surroundings, surroundings_of
from ..errors import UnknownInstrument
from ..projects import project_for
from ..values import BookingRequest


@dataclass(frozen=True, slots=True)
class Ground:
    """What one person may have of one instrument, which is locked against changes until the transaction ends.

    `around` tells of the time that a slot holds; `agreement_on` (a day) and `project_in` (a slot) tell what a request
    goes under, and raise AgreementNotUsable and UnknownProject where it names what is not to be had then.
    """

    instrument: Instrument
    around: Callable[[Interval], Surroundings]
    eligibility: Callable[[], Eligibility]
    agreement_on: Callable[[date], Agreement | None]
    project_in: Callable[[Interval], Project | None]


def ground_of(request: BookingRequest, by: Person, at: datetime) -> Ground:
    """The ground of one request. Raises UnknownInstrument and NotInService."""
    try:
        instrument = bookable_instrument(request.instrument, to_book=True)
    except NotFound:
        raise UnknownInstrument() from None
    return ground_on(instrument, request, by, at)


def ground_on(instrument: Instrument, request: BookingRequest, by: Person, at: datetime) -> Ground:
    """The ground of a request for this instrument, whichever it names."""
    return Ground(
        instrument,
        partial(surroundings_of, instrument, whom=by, at=at),
        partial(eligibility_of, by, instrument, request.access_mode, at=at),
        partial(agreement_for, by, instrument, request.agreement),
        partial(project_for, by, request.project),
    )
