"""As many instruments and confirmed bookings as a measurement needs: deterministic, invented, coherent.

Each instrument is open day and night and has a booking of four hours in every eight, from the coming midnight (UTC)
on, so that a week of an instrument shows 21 events and half of its time is free. Nothing lies in the past, so no use
and no charge is owed. Rows are written in bulk, without services, signals or audit entries.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, insert, literal, select, text

from ..booking.models import ApprovalStep, Booking, Hold
from ..booking.rules import State, StepStatus
from ..catalogue.models import Facility, Instrument, InstrumentField, InstrumentMode
from ..catalogue.rules import AccessMode, FacilityKind, InstrumentStatus, ResearchField
from ..catalogue.search_index import index_instruments
from ..foundation.database import db
from ..foundation.transaction import transaction
from ..identity.models import Institution, Person
from ..identity.rules import Role

HOSTS, PARTNERS, PEOPLE_EACH, INSTRUMENTS_EACH = 8, 24, 4, 12
LENGTH, RHYTHM = timedelta(hours=4), timedelta(hours=8)
_BATCH = 5_000
_WHOLE_DAY = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
_KINDS = (
    ("Transmission electron microscope", "透射电子显微镜", "مجهر إلكتروني نافذ", "просвечивающий микроскоп"),
    ("Mass spectrometer", "质谱仪", "مطياف الكتلة", "масс-спектрометр"),
    ("X-ray diffractometer", "X射线衍射仪", "مقياس حيود الأشعة السينية", "рентгеновский дифрактометр"),
    ("Confocal microscope", "共聚焦显微镜", "مجهر متحد البؤر", "конфокальный микроскоп"),
)  # fmt: skip


def generate(
    instruments: int,
    bookings: int,
    *,
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Add `instruments` with `bookings` spread evenly over them; `progress` hears how many bookings are written.

    Several runs add up; every run names its rows anew. Commits as it goes, so that a million rows need no
    transaction of a million rows.
    """
    run = f"s{db.session.scalar(select(func.count()).select_from(Instrument))}"
    with transaction():
        _write_institutions(run)
        people = _write_people(run, at)
        facilities = _write_facilities(run, -(-instruments // INSTRUMENTS_EACH))
        ids = _write_instruments(run, instruments, facilities)
        index_instruments(ids)
    done = 0
    for batch in _batches(_bookings(run, ids, people, bookings, at)):
        with transaction():
            db.session.execute(insert(Booking), batch)
            _write_holds(batch[0]["reference"], batch[-1]["reference"], at)
        done += len(batch)
        progress(done)
    if db.engine.dialect.name == "postgresql":
        with transaction():
            db.session.execute(text("ANALYZE"))


def _write_institutions(run: str) -> None:
    rows = [
        {
            "slug": f"{run}-institution-{number}",
            "names": {"en": f"University {number}", "zh-Hans": f"第{number}大学"},
            "country": "CN" if number < HOSTS else ("KZ", "EG", "PK", "TH")[number % 4],
            "time_zone": "Asia/Shanghai" if number < HOSTS else "Asia/Almaty",
            "kind": "host" if number < HOSTS else "partner",
        }
        for number in range(HOSTS + PARTNERS)
    ]
    db.session.execute(insert(Institution), rows)


def _write_people(run: str, at: datetime) -> list[tuple[int, int]]:
    """Researchers of the partners, as pairs of person and institution."""
    partners = _ids(Institution, f"{run}-institution-")[HOSTS:]
    rows = [
        {
            "email": f"{run}-{institution}-{number}@synthetic.invalid",
            "display_name": f"Researcher {number}",
            "language": ("en", "zh-Hans", "ar")[number % 3],
            "time_zone": "Asia/Almaty",
            "institution_id": institution,
            "password_hash": "",  # opens nothing
            "verification": "vouched",
            "mail_verified_at": at,
            "created_at": at,
        }
        for institution in partners
        for number in range(PEOPLE_EACH)
    ]
    db.session.execute(insert(Person), rows)
    found = select(Person.id, Person.institution_id).where(Person.email.like(f"{run}-%"))
    return [(row.id, row.institution_id) for row in db.session.execute(found.order_by(Person.id))]


def _write_facilities(run: str, count: int) -> list[int]:
    hosts = _ids(Institution, f"{run}-institution-")[:HOSTS]
    rows = [
        {
            "slug": f"{run}-facility-{number}",
            "host_id": hosts[number % HOSTS],
            "kind": FacilityKind.SHARED_CENTRE,
            "names": {"en": f"Centre {number}", "zh-Hans": f"第{number}中心"},
            "time_zone": "Asia/Shanghai",
        }
        for number in range(count)
    ]
    db.session.execute(insert(Facility), rows)
    return _ids(Facility, f"{run}-facility-")


def _write_instruments(run: str, count: int, facilities: list[int]) -> list[int]:
    for numbers in _chunks(count):
        rows = [_instrument(run, number, facilities) for number in numbers]
        db.session.execute(insert(Instrument), rows)
    ids = _ids(Instrument, f"{run}-instrument-")
    fields, modes = list(ResearchField), list(AccessMode)
    for numbers in _chunks(count):
        db.session.execute(
            insert(InstrumentField),
            [{"instrument_id": ids[n], "field": fields[n % len(fields)]} for n in numbers],
        )
        db.session.execute(
            insert(InstrumentMode),
            [
                {"instrument_id": ids[n], "mode": mode}
                for n in numbers
                for mode in {AccessMode.ON_SITE, modes[n % len(modes)]}
            ],
        )
    return ids


def _instrument(run: str, number: int, facilities: list[int]) -> dict[str, Any]:
    english, chinese, arabic, russian = _KINDS[number % len(_KINDS)]
    return {
        "slug": f"{run}-instrument-{number}",
        "facility_id": facilities[number // INSTRUMENTS_EACH],
        "names": {"en": f"{english} {number}", "zh-Hans": f"{chinese} {number}", "ar": f"{arabic} {number}"},
        "summary": {"en": f"A {english.lower()} for measurements of speed.", "ru": russian},
        "symbol": "microscope",
        "status": InstrumentStatus.IN_SERVICE,
        "opening": _WHOLE_DAY,
        "horizon_days": 365,
        "open_to": {"kind": "all"},
    }  # fmt: skip


def _bookings(
    run: str, instruments: list[int], people: list[tuple[int, int]], count: int, at: datetime
) -> Iterator[dict[str, Any]]:
    """One turn through all instruments after the other; references sort in the order of writing."""
    first = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    for number in range(count):
        turn, place = divmod(number, len(instruments))
        person, institution = people[number % len(people)]
        starts_at = first + turn * RHYTHM
        yield {
            "reference": f"{run.upper()}-{number:08}",
            "state": State.CONFIRMED,
            "instrument_id": instruments[place],
            "position": 1,
            "applicant_id": person,
            "institution_id": institution,
            "access_mode": AccessMode.ON_SITE,
            "purpose": "To measure how fast this is.",
            "starts_at": starts_at,
            "ends_at": starts_at + LENGTH,
            "held_from": starts_at,
            "held_until": starts_at + LENGTH,
            "time_zone": "Asia/Shanghai",
            "created_at": at,
            "changed_at": at,
            "submitted_at": at,
            "decided_at": at,
        }


def _write_holds(first: str, last: str, at: datetime) -> None:
    """The time that a batch of bookings holds, and the decision that confirmed each."""
    batch = Booking.reference.between(first, last)
    hold = (
        Booking.instrument_id,
        Booking.position,
        Booking.held_from,
        Booking.held_until,
        Booking.id,
    )
    names = ["instrument_id", "position", "held_from", "held_until", "booking_id"]
    db.session.execute(
        insert(Hold).from_select(names, select(*hold).where(batch).order_by(Booking.id))
    )
    step = {
        "booking_id": Booking.id,
        "round": literal(1),
        "place": literal(1),
        "role": literal(Role.FACILITY_MANAGER.value),
        "scope_kind": literal("facility"),
        "scope_id": Instrument.facility_id,
        "status": literal(StepStatus.APPROVED.value),
        "decided_at": literal(at, Booking.created_at.type),
        "comment": literal(""),
    }
    decided = select(*step.values()).join(Instrument, Instrument.id == Booking.instrument_id)
    db.session.execute(insert(ApprovalStep).from_select(list(step), decided.where(batch)))


def _ids(model: type[Any], prefix: str) -> list[int]:
    table: Table = model.__table__
    query = select(table.c.id).where(table.c.slug.like(f"{prefix}%")).order_by(table.c.id)
    return list(db.session.scalars(query))


def _chunks(count: int) -> Iterator[range]:
    return (range(start, min(start + _BATCH, count)) for start in range(0, count, _BATCH))


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(itertools.islice(rows, _BATCH)):
        yield batch
