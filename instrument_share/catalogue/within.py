"""Conditions of lists: what lies within the reach of somebody who may do something by a role.

What nothing leads to is left out of a condition: databases would look through all rows for it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from ..identity.rules import Reach
from .models import Facility, Instrument

Column = InstrumentedAttribute[Any]


def instrument_within(reach: Reach) -> ColumnElement[bool]:
    """Condition on a query of Instrument and Facility: itself, its facility or its host is within reach."""
    return _within(
        reach,
        instrument=Instrument.id, facility=Instrument.facility_id, institution=Facility.host_id,
    )  # fmt: skip


def facility_within(reach: Reach) -> ColumnElement[bool]:
    """Condition on a query of Facility: itself or its host is within reach."""
    return _within(reach, facility=Facility.id, institution=Facility.host_id)


def institution_within(institution_id: Column, reach: Reach) -> ColumnElement[bool]:
    """Condition on a column that names an institution: that it is within reach."""
    return _within(reach, institution=institution_id)


def _within(reach: Reach, **columns: Column) -> ColumnElement[bool]:
    if reach.everywhere:
        return true()
    held = ((column, reach.ids(kind)) for kind, column in columns.items())
    return or_(false(), *(column.in_(ids) for column, ids in held if ids))
