"""Rows for tests, each with sane defaults: say only what the test is about.

Every function adds its row to the session and flushes it, or leaves that to `together`; nothing commits.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Any

from instrument_share.access.agreements.models import Agreement, AgreementDiscount, AgreementPartner
from instrument_share.access.projects.models import Project
from instrument_share.access.training.models import Qualification, TrainingSession
from instrument_share.accounting.models import RateCard
from instrument_share.booking import services
from instrument_share.booking.models import Booking
from instrument_share.booking.values import BookingRequest
from instrument_share.booking.waiting.models import WaitingEntry
from instrument_share.catalogue.models import (
    Facility,
    Instrument,
    InstrumentField,
    InstrumentMode,
    OpeningException,
    Technique,
)
from instrument_share.foundation.database import db
from instrument_share.foundation.interval import Interval
from instrument_share.identity.models import Institution, Person, RoleGrant
from instrument_share.identity.rules import Role, Scope
from instrument_share.identity.second_factor.rules import REQUIRED_OF

#: The moment at which most tests take place: a Monday noon in Shanghai.
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
ALWAYS = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
_numbers = itertools.count(1)
_gathering = ContextVar("gathering", default=False)


@contextlib.contextmanager
def together() -> Iterator[None]:
    """Rows that are made within are written at its end, all of a kind by one statement; until then they have no id."""
    outer = _gathering.set(True)
    try:
        yield
        db.session.flush()
    finally:
        _gathering.reset(outer)


def _saved(row: Any) -> Any:
    db.session.add(row)
    if not _gathering.get():
        db.session.flush()
    return row


def make_institution(**values: Any) -> Institution:
    number = next(_numbers)
    defaults = {
        "slug": f"university-{number}",
        "names": {
            "en": f"University {number}",
            "zh-Hans": f"大学{number}",
            "ar": f"جامعة {number}",
        },
        "country": "KZ",
        "time_zone": "Asia/Almaty",
        "kind": "partner",
    }
    return _saved(Institution(**defaults | values))


def make_host(**values: Any) -> Institution:
    return make_institution(
        **{"country": "CN", "time_zone": "Asia/Shanghai", "kind": "host"} | values
    )


def make_person(institution: Institution | None = None, **values: Any) -> Person:
    number = next(_numbers)
    defaults = {
        "email": f"person-{number}@example.org",
        "display_name": f"Person {number}",
        "language": "en",
        "time_zone": institution.time_zone if institution else "UTC",
        "institution": institution,
        "institution_id": institution.id if institution else None,
        "password_hash": "",
        "verification": "vouched",
        "mail_verified_at": AT,
        "created_at": AT,
    }
    return _saved(Person(**defaults | values))


def grant(person: Person, role: Role, scope: Scope) -> RoleGrant:
    """Whoever oversees everything has set up a second factor."""
    if role in REQUIRED_OF:
        person.second_factor_at = AT
    return _saved(
        RoleGrant(person=person, role=role, scope_kind=scope.kind, scope_id=scope.id, granted_at=AT)
    )


def make_staff(role: Role, facility: Facility) -> Person:
    """Somebody of the host who holds `role` for the facility."""
    person = make_person(facility.host)
    grant(person, role, Scope("facility", facility.id))
    return person


def make_facility(host: Institution | None = None, **values: Any) -> Facility:
    number = next(_numbers)
    host = host or make_host()
    defaults = {
        "slug": f"facility-{number}",
        "host": host,
        "kind": "shared_centre",
        "names": {"en": f"Facility {number}"},
        "time_zone": host.time_zone,
    }
    return _saved(Facility(**defaults | values))


def make_technique(code: str, **names: str) -> Technique:
    return _saved(Technique(code=code, names=names or {"en": code}))


def make_instrument(facility: Facility | None = None, **values: Any) -> Instrument:
    """An instrument that is always open, on a grid of 30 minutes, for everybody and on site."""
    number = next(_numbers)
    modes = values.pop("modes", ["on_site"])
    fields = values.pop("fields", ["new_materials"])
    defaults = {
        "slug": f"instrument-{number}",
        "facility": facility or make_facility(),
        "names": {"en": f"Instrument {number}", "zh-Hans": f"仪器{number}", "ar": f"جهاز {number}"},
        "symbol": "microscope",
        "opening": ALWAYS,
        "positions": 1,
        "granularity_minutes": 30,
        "shortest_minutes": 30,
        "longest_minutes": 480,
        "setup_minutes": 0,
        "teardown_minutes": 0,
        "lead_minutes": 0,
        "horizon_days": 90,
        "cancellation_minutes": 1440,
        "open_to": {"kind": "all"},
        "modes": [InstrumentMode(mode=mode) for mode in modes],
        "fields": [InstrumentField(field=field) for field in fields],
    }
    return _saved(Instrument(**defaults | values))


def make_closure(instrument: Instrument, slot: Interval, kind: str = "closure") -> OpeningException:
    return _saved(
        OpeningException(instrument=instrument, kind=kind, starts_at=slot.start, ends_at=slot.end)
    )


def make_agreement(host: Institution, partner: Institution, **values: Any) -> Agreement:
    """An active agreement over all of the host's facilities; the quota is not granted in the ledger yet."""
    number = next(_numbers)
    discounts = values.pop("discounts", {})
    defaults = {
        "reference": f"A-{number}",
        "titles": {"en": f"Agreement {number}"},
        "state": "active",
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2027, 12, 31),
        "yearly_minutes": 60_000,
        "hosts": [host],
        "partners": [AgreementPartner(institution=partner)],
        "discounts": [AgreementDiscount(mode=mode, percent=p) for mode, p in discounts.items()],
    }
    return _saved(Agreement(**defaults | values))


def make_project(*members: Person, **values: Any) -> Project:
    number = next(_numbers)
    defaults = {
        "reference": f"P-{number}",
        "kind": "joint_project",
        "titles": {"en": f"Project {number}"},
        "field": "new_materials",
        "members": list(members),
    }
    return _saved(Project(**defaults | values))


def make_qualification(person: Person, instrument: Instrument, level: str) -> Qualification:
    return _saved(Qualification(person=person, instrument=instrument, level=level, issued_at=AT))


def make_rate_card(facility: Facility, **values: Any) -> RateCard:
    defaults = {
        "facility": facility,
        "payer_category": "partner_institution",
        "currency": "CNY",
        "valid_from": date(2026, 1, 1),
        "instrument_hour_minor": 60_000,
        "operator_hour_minor": 12_000,
        "sample_minor": 5_000,
    }
    return _saved(RateCard(**defaults | values))


def request_for(
    instrument: Instrument,
    starts_at: datetime = AT + timedelta(days=1),
    hours: float = 4,
    **values: Any,
) -> BookingRequest:
    defaults = {
        "instrument": instrument.slug,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "access_mode": instrument.access_modes[0],
        "purpose": "Cross-sections of thin films",
    }
    return BookingRequest(**defaults | values)


def make_entry(instrument: Instrument, person: Person, **values: Any) -> WaitingEntry:
    """Somebody waits for an hour of the instrument, in the week from AT if nothing else is said."""
    defaults = {
        "reference": f"W-{next(_numbers):08}",
        "instrument": instrument,
        "person": person,
        "access_mode": "on_site",
        "purpose": "To measure something.",
        "minutes": 60,
        "since": AT,
        "until": AT + timedelta(days=7),
        "time_zone": instrument.facility.time_zone,
        "state": "waiting",
        "joined_at": AT,
        "changed_at": AT,
    }
    return _saved(WaitingEntry(**defaults | values))


def make_booking(
    instrument: Instrument, by: Person, *, at: datetime = AT, **values: Any
) -> Booking:
    """A submitted booking, as the service makes it; `values` go to `request_for`."""
    return services.request_booking(request_for(instrument, **values), by=by, at=at)


def make_training(instrument: Instrument, trainer: Person, **values: Any) -> TrainingSession:
    """A training of two hours the day after, with two places, that qualifies for using the instrument on one's own."""
    number = next(_numbers)
    defaults = {
        "reference": f"T-{number}",
        "facility": instrument.facility,
        "instrument": instrument,
        "level": "independent",
        "trainer": trainer,
        "starts_at": AT + timedelta(days=1),
        "ends_at": AT + timedelta(days=1, hours=2),
        "time_zone": instrument.time_zone,
        "places": 2,
        "language": "en",
        "created_at": AT,
    }
    return _saved(TrainingSession(**defaults | values))
