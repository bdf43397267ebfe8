"""Processes are killed again and again while clients work: nothing is lost, and nothing done by halves."""

from __future__ import annotations

import contextlib
import re
from collections import Counter, defaultdict
from datetime import timedelta

import psutil
import pytest
from sqlalchemy import select

from instrument_share.booking.models import Booking
from instrument_share.booking.rules import Action, State
from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.identity.models import AuditEntry
from instrument_share.notification.models import Message
from instrument_share.notification.rules import LEASE, Audience, who_is_told
from tests.support.invariants import assert_whole
from tests.support.later import as_of
from tests.support.postbox import postbox
from tests.support.server import serve
from tests.support.starting import forked
from tests.support.stream import Client, Known, Stream
from tests.support.track import (
    built,
    eventually,
    first_hour,
    job_worker,
    token_of,
    work_once,
    worker_beside,
)

COMMANDS, CLIENTS, KILLS = 2000, 8, 4
PATIENCE = 300.0
REFUSALS = {"slot_taken", "wrong_state", "stale_version", "forbidden"}


@pytest.mark.slow
def test_what_was_acknowledged_is_there_and_nothing_is_half_done(
    app, session, database, environ, tmp_path
):
    with postbox() as box:
        environ["INSTRUMENT_SHARE_MAIL_URL"] = box.url
        with serve(environ, tmp_path, workers=2, start=forked) as server:
            track = built(app, server, environ, people=CLIENTS)
            clients = [client_of(track, number) for number in range(CLIENTS)]
            stream = Stream(clients, COMMANDS)
            stream.start()
            killed = killing(stream, server, environ, tmp_path, database.kind)
            stream.join()
        send_the_rest(environ, tmp_path)

    unanswered = sum(client.unanswered for client in clients)
    print(f"{stream.done} commands, {killed} job workers killed, {unanswered} answers missed")
    assert {code for client in clients for _, _, code in client.refused} <= REFUSALS
    assert_whole()
    trails = trails_of()
    bookings = {booking.reference: booking for booking in session.scalars(select(Booking))}
    for client in clients:
        for reference, known in client.known.items():
            assert_remembered(bookings[reference], known, trails[reference])
    assert_told_once(trails, {manager.id for manager in track.managers})
    assert set(box.arrived) == set(session.scalars(select(Message.message_id)))
    assert sum(box.arrived.values()) - len(box.arrived) <= killed  # the one documented case
    assert session.scalars(select(Message.id).where(Message.sent_at.is_(None))).all() == []


def client_of(track, number: int) -> Client:
    instrument = track.instrument()
    person, manager = track.people[number], track.managers[number % len(track.managers)]
    body = track.body(instrument, first_hour())
    return Client(track.server.url, token_of(person), token_of(manager), body, first_hour(), number)


def killing(stream, server, environ, folder, kind) -> int:
    """Kill a server process and a job worker each time that another part is done; returns how many job workers."""
    killed = 0
    for part in range(1, KILLS + 1):
        goal = COMMANDS * part // (KILLS + 1)
        if kind == "sqlite":
            eventually(lambda: worker_beside(server) is not None, "a worker beside", PATIENCE)
            eventually(lambda goal=goal: stream.has_done(goal), f"{goal} commands", PATIENCE)
            worker = worker_beside(server)
            assert worker is not None
            worker.kill()
            killed += 1
        else:
            with job_worker(environ, folder / "worker.log") as process:
                eventually(lambda goal=goal: stream.has_done(goal), f"{goal} commands", PATIENCE)
                process.kill()
                killed += 1
        eldest(server).kill()
        eventually(lambda: len(server_processes(server)) == 2, "a new server process", PATIENCE)
    return killed


def eldest(server) -> psutil.Process:
    """Each in its turn: granian gives up where one that it has just started ends again, and quick clients are done with
    a part by then.
    """
    return min(server_processes(server), key=psutil.Process.create_time)


def server_processes(server) -> list[psutil.Process]:
    """The processes that answer, as granian forks them."""
    found = []
    for process in psutil.Process(server.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE and "worker" not in process.cmdline():
                found.append(process)
    return found


def send_the_rest(environ, folder) -> None:
    """Another worker takes over what the dead ones had claimed, once their lease has run out."""
    later = as_of(now() + LEASE + timedelta(minutes=1), environ)
    work_once(later, folder / "worker.log", PATIENCE)


def trails_of() -> dict[str, list[AuditEntry]]:
    trails = defaultdict(list)
    query = select(AuditEntry).where(AuditEntry.subject_kind == "booking")
    for entry in db.session.scalars(query.order_by(AuditEntry.sequence)):
        trails[entry.subject_id].append(entry)
    return trails


def assert_remembered(booking: Booking, known: Known, trail: list[AuditEntry]) -> None:
    """The trail is what was acknowledged, and perhaps what was not; the booking is as its client knows it."""
    done = "".join(f"{entry.action.removeprefix('booking.')};" for entry in trail)
    wanted = "".join(f"({action};){'' if sure else '?'}" for action, sure in known.deeds)
    assert re.fullmatch(wanted, done), (booking.reference, wanted, done)
    assert trail[-1].details["now"] == booking.state
    assert (booking.state, booking.version) == (known.booking["state"], known.booking["version"])


def assert_told_once(trails: dict[str, list[AuditEntry]], managers: set[int]) -> None:
    """Every booking has exactly the messages that what was done with it gives, by the table of who is told what."""
    written = defaultdict(Counter)
    query = select(Booking.reference, Message.person_id, Message.kind).join(Message.booking)
    for reference, person, kind in db.session.execute(query):
        written[reference][person, kind] += 1
    applicants = dict(db.session.execute(select(Booking.reference, Booking.applicant_id)).all())
    assert set(trails) == set(applicants) == set(written)
    for reference, trail in trails.items():
        people = {
            Audience.APPLICANT: {applicants[reference]},
            Audience.DECIDERS: managers,
            Audience.ASKED: managers,
            Audience.OPERATORS: set(),
        }
        wanted = Counter(
            (person, kind)
            for entry in trail
            for audience, kind in who_is_told(
                Action(entry.action.removeprefix("booking.")),
                State(entry.details["was"]),
                State(entry.details["now"]),
            )
            for person in people[audience]
        )
        assert written[reference] == wanted, reference
