"""`instrument-share worker`: what it does in one turn, and what it does when something fails."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import time_machine
from sqlalchemy import func, select

from instrument_share.booking.models import Booking
from instrument_share.cli.check import Finding, findings
from instrument_share.cli.worker import _run_until, worker
from instrument_share.foundation.chores import Chore
from instrument_share.identity.models import IdempotencyKey
from tests.support.builders import AT
from tests.support.scene import make_scene


def run(app, *arguments):
    return app.test_cli_runner().invoke(worker, arguments)


def done_by(run) -> dict[str, int]:
    """How much of each chore a run says it did."""
    lines = (line.rsplit(": ", 1) for line in run.output.splitlines())
    return {name: int(count) for name, count in lines}


def mails(settings) -> list[Path]:
    return sorted((settings.instance_dir / "mail").glob("*.eml"))


def test_one_turn_sends_expires_and_forgets(app, session, settings):
    with time_machine.travel(AT, tick=False):
        scene = make_scene()
        booking = scene.ask(starts_at=AT + timedelta(days=1))
        for key, age in (("old", 3), ("young", 1)):
            session.add(
                IdempotencyKey(
                    person_id=scene.applicant.id,
                    key=key,
                    fingerprint="",
                    created_at=AT + timedelta(days=2 - age),
                )
            )
        session.commit()
    with time_machine.travel(AT + timedelta(days=2), tick=False):
        done = run(app, "--once")
    assert done.exit_code == 0, done.output
    assert {name: count for name, count in done_by(done).items() if count} == {
        "expired holds": 1,
        "sent mails": 4,
        "forgotten answers": 1,
    }
    session.expire_all()
    assert session.scalar(select(Booking.state).where(Booking.id == booking.id)) == "expired"
    assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 1
    assert len(mails(settings)) == 4  # two of the request, two of its end


def test_a_second_turn_finds_nothing_to_do(app, session):
    run(app, "--once")
    again = run(app, "--once")
    assert set(done_by(again).values()) == {0}


def test_a_chore_that_fails_holds_up_no_other(app):
    stopping, done = threading.Event(), []

    def fail(_shift) -> int:
        raise RuntimeError("the database is away")

    def work(_shift) -> int:
        done.append(1)
        if len(done) == 3:
            stopping.set()
        return 1

    _run_until(stopping, "w", (Chore("bad", 0, fail), Chore("good", 0, work)), app)
    assert len(done) == 3


def test_a_worker_that_fell_silent_is_told(app, settings, client):
    def told():
        with app.app_context():
            return next(each for each in findings(settings) if each.what == "worker")

    def seen():
        lines = client.get("/metrics").text.splitlines()
        return next(line for line in lines if line.startswith("instrument_share_worker_seen"))

    assert told().well
    assert "none has run yet" in told().told
    assert seen().endswith(" 0.0")
    with time_machine.travel(AT, tick=False):
        run(app, "--once")
        assert told() == Finding("worker", True, "was seen at 2026-03-02 04:00 UTC.")
        assert float(seen().split()[1]) == AT.timestamp()
    with time_machine.travel(AT + timedelta(minutes=6), tick=False):
        assert not told().well
        assert "instrument-share worker" in told().told
