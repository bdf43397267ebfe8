"""Reports, each over what its reader answers for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext
from sqlalchemy import ColumnElement, select, true

from ..accounting.visibility import usage_served_by
from ..catalogue.models import Facility, Instrument
from ..foundation.database import db
from ..foundation.errors import Forbidden, InvalidInput
from ..foundation.interval import Interval
from ..identity.acting import actor_of
from ..identity.models import Institution, Person
from ..identity.queries import institution_by_slug
from ..identity.rules import Permission, scopes_held
from .contribution import Contribution, contribution_of
from .rules import Level, Utilisation
from .utilisation import utilisation_of

LONGEST = timedelta(days=366)


def contribution_for(person: Person, year: int, institution: str | None = None) -> Contribution:
    """A year's contribution report. Raises Forbidden, and InvalidInput for an institution that nobody knows."""
    within = _within(person)
    return contribution_of(year, _named(institution), within)


def whole_contribution(year: int, institution: str | None = None) -> Contribution:
    """The report over everything: for the operator's command line. Raises InvalidInput."""
    return contribution_of(year, _named(institution), true())


def utilisation_for(person: Person, window: Interval, level: Level) -> list[Utilisation]:
    """Open and used time. Raises Forbidden, and InvalidInput for more than a year."""
    within = _within(person)
    if window.duration > LONGEST:
        raise InvalidInput(fields={"until": gettext("Ask for at most a year at a time.")})
    return utilisation_of(window, level, within)


def hosts_reported_to(person: Person) -> Sequence[Institution]:
    """The host institutions that have instruments among those the person reports on, by slug."""
    return db.session.scalars(
        select(Institution)
        .where(
            Institution.id.in_(
                select(Facility.host_id)
                .join(Instrument, Instrument.facility_id == Facility.id)
                .where(_within(person))
            )
        )
        .order_by(Institution.slug)
    ).all()


def _within(person: Person) -> ColumnElement[bool]:
    if not scopes_held(actor_of(person), Permission.SEE_REPORT, "host"):
        raise Forbidden()
    return usage_served_by(person, Permission.SEE_REPORT)


def _named(slug: str | None) -> Institution | None:
    if not slug:
        return None
    found = institution_by_slug(slug)
    if found is None:
        raise InvalidInput(fields={"institution": gettext("There is no institution of this name.")})
    return found
