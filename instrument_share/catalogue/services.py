"""What managers change about an instrument. Every change is permitted, versioned, audited and told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from flask_babel import lazy_gettext

from ..foundation.errors import InvalidInput
from ..foundation.localized import LocalizedText
from ..identity.models import Person
from .changing import managed, tell
from .models import Instrument
from .rules import InstrumentStatus, slot_faults
from .search_index import index_instruments
from .values import Hours, InstrumentTexts, SlotRules

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
    instrument = managed(slug, by, version)
    if not any(texts.names.values()):
        raise InvalidInput(fields={"name-en": lazy_gettext("Give at least one name.")})
    instrument.names = texts.names
    instrument.summary = texts.summary
    instrument.specification = texts.specification
    instrument.sample_requirements = texts.sample_requirements
    tell(instrument, "texts_changed", by, at)
    index_instruments([instrument.id])
    return instrument


def change_slot_rules(
    slug: str, rules: SlotRules, *, by: Person, at: datetime, version: int
) -> Instrument:
    """Set which times can be asked for. Bookings made before stay as they are.

    Raises NotFound, Forbidden, StaleVersion, and InvalidInput where the lengths contradict each
    other.
    """
    instrument = managed(slug, by, version)
    faults = slot_faults(rules.granularity_minutes, rules.shortest_minutes, rules.longest_minutes)
    if faults:
        raise InvalidInput(fields={name: _FAULTS[fault] for name, fault in faults.items()})
    for name, value in asdict(rules).items():
        setattr(instrument, name, value)
    tell(instrument, "slot_rules_changed", by, at, **asdict(rules))
    return instrument


def name_positions(
    slug: str, names: list[LocalizedText], *, by: Person, at: datetime, version: int
) -> Instrument:
    """Call the positions by names, by place. Raises NotFound, Forbidden and StaleVersion."""
    instrument = managed(slug, by, version)
    instrument.position_names = names
    tell(instrument, "positions_named", by, at, names=[dict(each) for each in names])
    return instrument


def change_opening(
    slug: str, hours: Hours, *, by: Person, at: datetime, version: int
) -> Instrument:
    """Set the weekly opening hours and those on public holidays. Bookings made before stay as they are.

    Raises NotFound, Forbidden and StaleVersion.
    """
    instrument = managed(slug, by, version)
    instrument.opening = {day: spans for day, spans in hours.opening.items() if spans}
    instrument.holiday_territory = hours.holiday_territory
    instrument.holiday_opening = hours.holiday_opening if hours.holiday_territory else []
    tell(
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
    instrument = managed(slug, by, version)
    was, instrument.status = instrument.status, status
    tell(instrument, "status_changed", by, at, was=was, status=status)
    return instrument
