"""What the catalogue tells the floor below: how facilities and instruments are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from ..foundation.database import db
from ..foundation.localized import LocalizedText
from ..identity import scope_names
from . import own_data
from .models import Facility, Instrument


def connect() -> None:
    """Name the scopes of roles, and say what is held about people. Connecting again changes nothing."""
    scope_names.register("facility", _facilities)
    scope_names.register("instrument", _instruments)
    own_data.connect()


def _facilities(ids: Collection[int]) -> Mapping[int, LocalizedText]:
    rows = db.session.execute(select(Facility.id, Facility.names).where(Facility.id.in_(ids)))
    return {row.id: row.names for row in rows}


def _instruments(ids: Collection[int]) -> Mapping[int, LocalizedText]:
    rows = db.session.execute(select(Instrument.id, Instrument.names).where(Instrument.id.in_(ids)))
    return {row.id: row.names for row in rows}
