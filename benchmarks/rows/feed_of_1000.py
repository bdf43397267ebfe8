"""A feed of 1,000 events, beside one row query and plain string templates that escape nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from sqlalchemy import insert, select, update

from instrument_share.booking.models import Booking
from instrument_share.catalogue.models import Instrument
from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from tests.support.databases import release
from tests.support.queries import counted

from ..drivers import connect
from ..house import House
from ..measuring import Client, Row, Timings, interleaved, middle, timed

EVENTS, CALLS, MUST = 1000, 10, 2.0
QUERY = (
    "SELECT reference, sequence, state, held_from, held_until, time_zone, changed_at FROM booking"
    " WHERE instrument_id = :instrument AND starts_at >= :since ORDER BY held_from"
)
EVENT = (
    "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{changed:%Y%m%dT%H%M%SZ}\r\n"
    "DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}\r\nDTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}\r\n"
    "SEQUENCE:{sequence}\r\nLAST-MODIFIED:{changed:%Y%m%dT%H%M%SZ}\r\nSTATUS:{state}\r\nTRANSP:OPAQUE\r\n"
    "CLASS:PUBLIC\r\nSUMMARY:Taken\r\nEND:VEVENT\r\n"
)


def measure(house: House, _folder: Path) -> Iterator[Row]:
    instrument_id, slug = _fill(house)
    path = f"/calendars/instruments/{slug}.ics"
    client = Client(house.url)
    events = len(icalendar.Calendar.from_ical(client.get(path)).events)
    assert events == EVENTS, events
    with counted() as queries:
        house.app.test_client().get(path)
    ours, limit = interleaved(
        lambda turn: timed([lambda n: client.get(path) and None], CALLS),
        lambda turn: _plain(house, instrument_id),
    )
    fast, least = middle(ours, "median_ms"), middle(limit, "median_ms")
    yield Row(
        operation=f"iCal feed of {events:,} events",
        database=house.database,
        ours=fast,
        limit=least,
        unit="ms",
        ratio=fast / least,
        must=f"<= {MUST:g}x plain string templates",
        reached=fast <= MUST * least,
        p95=middle(ours, "p95_ms"),
        max=max(turn.max_ms for turn in ours),
        queries=queries.count,
    )


def _fill(house: House) -> tuple[int, str]:
    """The last instrument gives its bookings to the one before it, and gets ones that are over and hold no time."""
    with house.app.app_context():
        instrument, other = db.session.execute(
            select(Instrument.id, Instrument.slug).order_by(Instrument.id.desc()).limit(2)
        ).all()
        of_it = Booking.instrument_id == instrument.id
        db.session.execute(update(Booking).where(of_it).values(instrument_id=other.id))
        db.session.execute(insert(Booking), list(_over(instrument.id, EVENTS)))
        db.session.commit()
        release(house.app)
    return instrument.id, instrument.slug


def _over(instrument_id: int, count: int) -> Iterator[dict[str, Any]]:
    person = db.session.scalar(select(Booking.applicant_id).limit(1))
    for number in range(count):
        start = now() - timedelta(days=40) + timedelta(minutes=45 * number)
        yield {
            "reference": f"FEED-{number:06}",
            "state": "settled",
            "instrument_id": instrument_id,
            "applicant_id": person,
            "access_mode": "on_site",
            "purpose": "To measure how fast this is.",
            "starts_at": start,
            "ends_at": start + timedelta(minutes=30),
            "held_from": start,
            "held_until": start + timedelta(minutes=30),
            "time_zone": "Asia/Shanghai",
            "created_at": start,
            "changed_at": start,
            "submitted_at": start,
        }


def _plain(house: House, instrument_id: int) -> Timings:
    connection = connect(house.app.config["SQLALCHEMY_DATABASE_URI"])
    values = {
        "instrument": instrument_id,
        "since": connection.written(now() - timedelta(days=91)),
    }
    zone = ZoneInfo("Asia/Shanghai")

    def call(_number: int) -> None:
        rows = connection.all(QUERY, values)
        text = [_written(row, zone) for row in rows]
        assert len(text) == EVENTS
        ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(text) + "END:VCALENDAR\r\n").encode()

    timings = timed([call], CALLS)
    connection.close()
    return timings


def _written(row: Any, zone: ZoneInfo) -> str:
    uid, sequence, _, start, end, name, changed = row
    return EVENT.format(
        uid=uid,
        sequence=sequence,
        state="CONFIRMED",
        zone=name,
        changed=_at(changed),
        start=_at(start).astimezone(zone),
        end=_at(end).astimezone(zone),
    )


def _at(value: Any) -> datetime:
    """A time as the driver gives it: SQLite's is text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
