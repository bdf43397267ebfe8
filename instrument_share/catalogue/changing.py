"""Changing an instrument: who may, at which version; and telling the house afterwards."""

from __future__ import annotations

from datetime import datetime

from ..foundation.database import db
from ..foundation.errors import Forbidden, StaleVersion
from ..foundation.signals import instrument_changed
from ..identity import audit
from ..identity.models import Person
from . import queries
from .models import Instrument


def managed(slug: str, by: Person, version: int | None = None) -> Instrument:
    """The instrument that `by` may change, at the version that was looked at where one is given.

    Bookings wait until the transaction ends. Raises NotFound, Forbidden and StaleVersion.
    """
    instrument = queries.instrument_to_change(slug)
    if not queries.may_manage(by, instrument):
        raise Forbidden()
    if version is not None and version != instrument.version:
        raise StaleVersion()
    return instrument


def tell(instrument: Instrument, what: str, by: Person, at: datetime, **details: object) -> None:
    """Record a change of an instrument and let every floor above write its part, in this transaction."""
    db.session.flush()
    audit.record(f"instrument.{what}", "instrument", instrument.slug, by=by.id, at=at, **details)
    instrument_changed.send(instrument, by=by, at=at)
