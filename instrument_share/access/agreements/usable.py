"""Which agreements help a person with an instrument: those in force for their institution that cover it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, select

from ...catalogue.models import Facility, Instrument
from ...foundation.database import db
from ...foundation.reading import read_columns
from ...identity.models import Person
from ..errors import AgreementNotUsable
from ..rules import AgreementState
from .covering import covers, is_partner
from .models import Agreement, AgreementDiscount


def agreements_open_to(person: Person, instrument: Instrument, on: date) -> list[Agreement]:
    """The agreements under which the person may use the instrument on that day, by reference."""
    if person.institution_id is None:
        return []
    return list(db.session.scalars(_OPEN_TO, _usage(person, instrument, on)))


def discounts_open_to(
    person: Person, instrument: Instrument, on: date
) -> Sequence[Row[str, str, int]]:
    """What the agreements take off under which the person may use the instrument on that day: the agreement's
    `reference`, the access `mode` and the `percent`, in this order.
    """
    if person.institution_id is None:
        return []
    return read_columns(_DISCOUNTS_OPEN_TO, _usage(person, instrument, on)).all()


def _usage(person: Person, instrument: Instrument, on: date) -> dict[str, Any]:
    """The parameters of the two statements."""
    return {
        "instrument": instrument.id,
        "facility": instrument.facility_id,
        "host": instrument.facility.host_id,
        "partner": person.institution_id,
        "day": on,
    }


def agreement_for(
    person: Person, instrument: Instrument, reference: str | None, on: date
) -> Agreement | None:
    """The agreement that a booking goes under: the one named, else the first that is open to the
    person, if any.

    Raises AgreementNotUsable where the one named is not open to the person for this instrument on
    that day.
    """
    usable = agreements_open_to(person, instrument, on)
    if not reference:
        return usable[0] if usable else None
    named = next((agreement for agreement in usable if agreement.reference == reference), None)
    if named is None:
        raise AgreementNotUsable()
    return named


def agreements_within(
    person: Person, instrument: Instrument, first: date, last: date
) -> list[Agreement]:
    """The agreements under which the person may use the instrument on any of the days, by reference."""
    if person.institution_id is None:
        return []
    own = _usable_by(person.institution_id, first, last).order_by(Agreement.reference)
    facility = instrument.facility
    return list(db.session.scalars(own.where(covers(instrument.id, facility.id, facility.host_id))))


def agreements_by_instrument(
    person: Person, instrument_ids: Collection[int], on: date
) -> dict[int, list[Agreement]]:
    """The agreements under which the person may use each of the instruments on that day, by reference."""
    if person.institution_id is None or not instrument_ids:
        return {}
    rows = db.session.execute(
        _usable_by(person.institution_id, on)
        .add_columns(Instrument.id)
        .join(Instrument, Instrument.id.in_(instrument_ids))
        .join(Facility, Facility.id == Instrument.facility_id)
        .where(covers(Instrument.id, Facility.id, Facility.host_id))
        .order_by(Agreement.reference)
    )
    found: dict[int, list[Agreement]] = {}
    for agreement, instrument_id in rows:
        found.setdefault(instrument_id, []).append(agreement)
    return found


def _usable_by(institution_id: Any, on: Any, until: Any = None) -> Select[Agreement]:
    """The agreements in force for a partner that day, or on one from then `until`; takes values or parameters."""
    return select(Agreement).where(
        is_partner(institution_id),
        Agreement.state == AgreementState.ACTIVE,
        Agreement.valid_from <= (on if until is None else until),
        Agreement.valid_until >= on,
    )


_OPEN_TO = (
    _usable_by(bindparam("partner"), bindparam("day"))
    .where(covers(bindparam("instrument"), bindparam("facility"), bindparam("host")))
    .order_by(Agreement.reference)
)
_DISCOUNTS_OPEN_TO = (
    _OPEN_TO.join(AgreementDiscount, AgreementDiscount.agreement_id == Agreement.id)
    .where(AgreementDiscount.percent > 0)
    .with_only_columns(Agreement.reference, AgreementDiscount.mode, AgreementDiscount.percent)
    .order_by(AgreementDiscount.mode)
)


def is_open_by_agreement(institution_id: int, on: date) -> ColumnElement[bool]:
    """Condition on a query of Instrument and Facility: an agreement of the institution covers the instrument."""
    usable = _usable_by(institution_id, on).with_only_columns(Agreement.id)
    usable = usable.where(covers(Instrument.id, Instrument.facility_id, Facility.host_id))
    return exists(usable.correlate_except(Agreement))
