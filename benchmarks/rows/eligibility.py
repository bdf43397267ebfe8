"""Whether one person may use each of 200 instruments, explained, beside one bare statement that reads the same."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from instrument_share import create_app
from instrument_share.access.agreements.models import Agreement, AgreementPartner
from instrument_share.access.eligibility import eligibilities_of
from instrument_share.access.training.models import Qualification
from instrument_share.catalogue.models import Facility, Instrument
from instrument_share.cli.database import migrate
from instrument_share.demo.synthetic import generate
from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.identity.models import Person
from instrument_share.settings import Settings
from tests.support.databases import Databases, environment, release
from tests.support.queries import counted

from ..drivers import connect
from ..house import House
from ..measuring import Row, Timings, interleaved, middle, timed

INSTRUMENTS, CALLS, MOST_QUERIES = 200, 20, 8
#: What each instrument asks for, in turn: an agreement, training, a country, nothing.
DEMANDS = (
    {"open_to": {"kind": "agreement"}},
    {"qualification": "independent"},
    {"open_to": {"kind": "countries", "countries": ["KZ", "EG"]}},
    {"open_to": {"kind": "agreement"}, "qualification": "supervised", "safety_class": "chemical"},
    {},
)
BARE = (
    "SELECT instrument.*, facility.*, host.*, instrument_mode.mode, agreement.reference, qualification.level"
    " FROM instrument JOIN facility ON facility.id = instrument.facility_id"
    " JOIN institution AS host ON host.id = facility.host_id"
    " JOIN instrument_mode ON instrument_mode.instrument_id = instrument.id"
    " LEFT JOIN agreement_host ON agreement_host.institution_id = host.id"
    " LEFT JOIN agreement ON agreement.id = agreement_host.agreement_id AND agreement.state = 'active'"
    " LEFT JOIN agreement_partner ON agreement_partner.agreement_id = agreement.id"
    " AND agreement_partner.institution_id = (SELECT institution_id FROM person WHERE id = :person)"
    " LEFT JOIN qualification ON qualification.instrument_id = instrument.id AND qualification.person_id = :person"
)


def measure(house: House, folder: Path) -> Iterator[Row]:
    with _open(house.database, folder) as (app, person_id):
        with app.test_request_context("/"), counted() as queries:
            found = _ask(person_id)
        if len(set(found)) != 2:
            raise AssertionError("some instruments should be open to the person, and some not")
        gc.collect()
        gc.freeze()  # as a server process does: what was loaded is not looked through again

        def call(_number: int) -> None:
            with app.test_request_context("/"):
                _ask(person_id)

        ours, limit = interleaved(
            lambda turn: timed([call], CALLS), lambda turn: _bare(app, person_id)
        )
    fast, bare = middle(ours, "median_ms"), middle(limit, "median_ms")
    yield Row(
        operation=f"eligibility of one person for {INSTRUMENTS} instruments, explained",
        database=house.database,
        ours=fast,
        limit=bare,
        unit="ms",
        ratio=fast / bare,
        must=f"<= {MOST_QUERIES} queries",
        reached=queries.count <= MOST_QUERIES,
        p95=middle(ours, "p95_ms"),
        max=max(turn.max_ms for turn in ours),
        queries=queries.count,
    )


def _ask(person_id: int) -> list[bool]:
    person = db.session.get(Person, person_id)
    instruments = db.session.scalars(
        select(Instrument)
        .join(Instrument.facility)
        .join(Facility.host)
        .options(
            contains_eager(Instrument.facility).contains_eager(Facility.host),
            selectinload(Instrument.modes),
        )
    ).all()
    found = eligibilities_of(person, instruments, "on_site", at=now(), with_hours=True)
    return [each.eligible for each in found.values()]


def _bare(app: Flask, person_id: int) -> Timings:
    connection = connect(app.config["SQLALCHEMY_DATABASE_URI"])
    timings = timed([lambda _: connection.all(BARE, {"person": person_id}) and None], CALLS)
    connection.close()
    return timings


@contextlib.contextmanager
def _open(kind: str, folder: Path) -> Iterator[tuple[Flask, int]]:
    """An installation of its own with 200 instruments, and somebody who meets the demands of about half of them."""
    with Databases(folder).fresh(kind, folder) as database:
        environ = environment(database.url, folder / "eligibility")
        app = create_app(Settings.from_environment(environ))
        with app.app_context():
            migrate()
            generate(INSTRUMENTS, 1, at=now())
            person = db.session.scalars(select(Person).order_by(Person.id).limit(1)).one()
            _demand(person)
            person_id = person.id
            db.session.commit()
        yield app, person_id
        with app.app_context():
            release(app)


def _demand(person: Person) -> None:
    today = now().date()
    hosts = {}
    for number, instrument in enumerate(db.session.scalars(select(Instrument))):
        for name, value in DEMANDS[number % len(DEMANDS)].items():
            setattr(instrument, name, value)
        hosts[instrument.facility.host_id] = instrument.facility.host
        if number % 3 == 0:
            db.session.add(_qualification(person, instrument, today))
    db.session.add_all(
        Agreement(
            reference=f"S-{host.slug}",
            titles={"en": "Synthetic"},
            state="active",
            valid_from=today,
            valid_until=today + timedelta(days=365),
            yearly_minutes=60_000,
            hosts=[host],
            partners=[AgreementPartner(institution_id=person.institution_id)],
        )
        for host in list(hosts.values())[::2]
    )


def _qualification(person: Person, instrument: Instrument, today: date) -> Qualification:
    until = today + timedelta(days=90)
    return Qualification(
        person=person,
        instrument=instrument,
        level="independent",
        issued_at=now(),
        valid_until=until,
    )
