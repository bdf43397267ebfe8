"""What managers change about an instrument. Every change is permitted, versioned, audited and
told.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from flask_babel import lazy_gettext

from ..foundation.database import db
from ..foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from ..foundation.localized import LocalizedText
from ..foundation.signals import instrument_changed
from ..identity import audit
from ..identity.models import Person
from . import queries
from .models import Instrument, OpeningException
from .rules import InstrumentStatus, slot_faults
from .search_index import index_instruments
from .values import Closure, Hours, InstrumentTexts, SlotRules

_FAULTS = {
    "grid": lazy_gettext("Choose a multiple of the step."),
    "order": lazy_gettext("Choose at least the shortest length."),
}


def change_texts(
    slug: str, texts: InstrumentTexts, *, by: Person, at: datetime, version: int
) -> Instrument:
    """Say anew what an instrument is, and find it under these words from now on.

    Raises NotFound, Forbidden, StaleVersion, and InvalidInput where it would be left without a
    name.
    """
    instrument = _managed(slug, by, version)
    if not any(texts.names.values()):
        raise InvalidInput(fields={"name-en": lazy_gettext("Give at least one name.")})
    instrument.names = texts.names
    instrument.summary = texts.summary
    instrument.specification = texts.specification
    instrument.sample_requirements = texts.sample_requirements
    _tell(instrument, "texts_changed", by, at)
    index_instruments([instrument.id])
    return instrument


def change_slot_rules(
    slug: str, rules: SlotRules, *, by: Person, at: datetime, version: int
) -> Instrument:
    """Set which times can be asked for. Bookings made before stay as they are.

    Raises NotFound, Forbidden, StaleVersion, and InvalidInput where the lengths contradict each
    other.
    """
    instrument = _managed(slug, by, version)
    faults = slot_faults(rules.granularity_minutes, rules.shortest_minutes, rules.longest_minutes)
    if faults:
        raise InvalidInput(fields={name: _FAULTS[fault] for name, fault in faults.items()})
    for name, value in asdict(rules).items():
        setattr(instrument, name, value)
    _tell(instrument, "slot_rules_changed", by, at, **asdict(rules))
    return instrument


def name_positions(
    slug: str, names: list[LocalizedText], *, by: Person, at: datetime, version: int
) -> Instrument:
    """Call the positions by names, by place. Raises NotFound, Forbidden and StaleVersion."""
    instrument = _managed(slug, by, version)
    instrument.position_names = names
    _tell(instrument, "positions_named", by, at, names=[dict(each) for each in names])
    return instrument


def change_opening(
    slug: str, hours: Hours, *, by: Person, at: datetime, version: int
) -> Instrument:
    """Set the weekly opening hours and those on public holidays. Bookings made before stay as they are.

    Raises NotFound, Forbidden and StaleVersion.
    """
    instrument = _managed(slug, by, version)
    instrument.opening = {day: spans for day, spans in hours.opening.items() if spans}
    instrument.holiday_territory = hours.holiday_territory
    instrument.holiday_opening = hours.holiday_opening if hours.holiday_territory else []
    _tell(
        instrument,
        "opening_changed",
        by,
        at,
        opening=instrument.opening,
        holiday_territory=instrument.holiday_territory,
        holiday_opening=instrument.holiday_opening,
    )
    return instrument


def change_status(
    slug: str, status: InstrumentStatus, *, by: Person, at: datetime, version: int
) -> Instrument:
    """Put an instrument into service or out of it. Raises NotFound, Forbidden and StaleVersion."""
    instrument = _managed(slug, by, version)
    was, instrument.status = instrument.status, status
    _tell(instrument, "status_changed", by, at, was=was, status=status)
    return instrument


def close_instrument(slug: str, closure: Closure, *, by: Person, at: datetime) -> OpeningException:
    """Close an instrument for a while. Bookings it hits stay until somebody moves or cancels them.

    Raises NotFound, Forbidden, and InvalidInput where the closure is over already.
    """
    instrument = _managed(slug, by)
    if closure.when.end <= at:
        raise InvalidInput(fields={"ends_on": lazy_gettext("Choose an end in the future.")})
    row = OpeningException(
        instrument_id=instrument.id,
        kind="closure",
        starts_at=closure.when.start,
        ends_at=closure.when.end,
        reason=dict(closure.reason),
        sudden=closure.sudden,
        created_by_id=by.id,
    )
    db.session.add(row)
    span = {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}
    _tell(instrument, "closed", by, at, **span)
    return row


def lift_closure(slug: str, closure_id: int, *, by: Person, at: datetime) -> Instrument:
    """Open an instrument again: a closure that has begun ends now, one to come is taken away.

    Raises NotFound (for a closure that is over, too) and Forbidden.
    """
    instrument = _managed(slug, by)
    row = db.session.get(OpeningException, closure_id)
    if row is None or row.instrument_id != instrument.id or row.ends_at <= at:
        raise NotFound()
    if row.starts_at < at:
        row.ends_at = at
    else:
        db.session.delete(row)
    _tell(instrument, "closure_lifted", by, at, starts_at=row.starts_at.isoformat())
    return instrument


def _managed(slug: str, by: Person, version: int | None = None) -> Instrument:
    """The instrument that `by` may change, at the version that was looked at where one is given."""
    instrument = queries.instrument_to_change(slug)
    if not queries.may_manage(by, instrument):
        raise Forbidden()
    if version is not None and version != instrument.version:
        raise StaleVersion()
    return instrument


def _tell(instrument: Instrument, what: str, by: Person, at: datetime, **details: object) -> None:
    db.session.flush()
    audit.record(f"instrument.{what}", "instrument", instrument.slug, by=by.id, at=at, **details)
    instrument_changed.send(instrument, by=by, at=at)
