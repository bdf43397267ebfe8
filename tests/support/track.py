"""A database and a real server under load: people with tokens, instruments, and how their calls are written."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from flask import Flask

from instrument_share.access.agreements.models import Agreement
from instrument_share.catalogue.models import Facility, Instrument
from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.foundation.identifiers import digest_of
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import ApiToken, Person
from instrument_share.identity.rules import Role

from .builders import (
    make_agreement,
    make_facility,
    make_host,
    make_institution,
    make_instrument,
    make_person,
    make_staff,
)
from .server import LiveServer, outer_environment, tail
from .starting import Process, forked


@dataclass
class Track:
    """Where things are tried: `app` reads and prepares, everything that counts goes through `server`."""

    app: Flask
    server: LiveServer
    environ: Mapping[str, str]
    facility: Facility
    agreement: Agreement
    people: list[Person]
    managers: list[Person]

    def instrument(self, **values: Any) -> Instrument:
        return perform(make_instrument, self.facility, **values)

    def body(self, instrument: Instrument, start: datetime, hours: int = 1) -> dict[str, Any]:
        """A request under the agreement, as the API takes it."""
        return {
            "instrument": instrument.slug,
            **times(start, hours),
            "access_mode": "on_site",
            "purpose": "To see what happens",
            "agreement": self.agreement.reference,
        }


def times(start: datetime, hours: int = 1) -> dict[str, str]:
    end = start + timedelta(hours=hours)
    return {"starts_at": start.isoformat(), "ends_at": end.isoformat()}


def token_of(person: Person) -> str:
    """Everybody's token is their mail address."""
    return person.email


def first_hour() -> datetime:
    return (now() + timedelta(days=2)).replace(minute=0, second=0)


def built(
    app: Flask, server: LiveServer, environ: Mapping[str, str], people: int, managers: int = 2
) -> Track:
    """The people and their agreement, written while the server and its workers run already."""
    return perform(_built, app, server, environ, people, managers)


def _built(
    app: Flask, server: LiveServer, environ: Mapping[str, str], people: int, managers: int
) -> Track:
    """A host and a partner of the same country, so that a manager's yes confirms; quota enough for all."""
    host, partner = make_host(), make_institution(country="CN")
    facility = make_facility(host)
    agreement = make_agreement(
        host,
        partner,
        yearly_minutes=10_000_000,
        valid_from=(now() - timedelta(days=400)).date(),
        valid_until=(now() + timedelta(days=400)).date(),
    )
    persons = [make_person(partner) for _ in range(people)]
    staff = [make_staff(Role.FACILITY_MANAGER, facility) for _ in range(managers)]
    for person in (*persons, *staff):
        db.session.add(
            ApiToken(
                person=person, label="track", digest=digest_of(token_of(person)),
                created_at=now(), expires_at=now() + timedelta(days=1),
            )
        )  # fmt: skip
    return Track(app, server, environ, facility, agreement, persons, staff)


@contextlib.contextmanager
def job_worker(environ: Mapping[str, str], log: Path, *options: str) -> Iterator[Process]:
    """`instrument-share worker` as a process of its own, until the end of the block."""
    with log.open("ab") as output:
        process = forked(["worker", *options], outer_environment() | dict(environ), output)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def work_once(environ: Mapping[str, str], log: Path, patience: float) -> None:
    """`instrument-share worker --once`: another worker does what is due, and ends well."""
    with log.open("ab") as output:
        process = forked(["worker", "--once"], outer_environment() | dict(environ), output)
    assert process.wait(patience) == 0, tail(log)


def worker_beside(server: LiveServer) -> psutil.Process | None:
    """The job worker that the server runs on SQLite."""
    for process in psutil.Process(server.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if "worker" in process.cmdline():
                return process
    return None


def eventually(fact: Callable[[], bool], what: str, patience: float = 60.0) -> None:
    """Wait until `fact()` holds; fail with `what` when it does not in time."""
    limit = time.monotonic() + patience
    while not fact():
        assert time.monotonic() < limit, what
        time.sleep(0.05)
