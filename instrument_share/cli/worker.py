"""`instrument-share worker`: sends due mail, lets expired holds go, forgets old idempotency
keys.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext

from .database import require_current_schema
from .processes import end_with

log = structlog.get_logger("instrument_share.worker")

#: How long the answer to a request with an Idempotency-Key can be asked for again.
_ANSWERS_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done again and again, `every` so many seconds. `run` returns how much it did."""

    name: str
    every: float
    run: Callable[[], int]


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--parent", type=int, hidden=True, help="End when this process ends.")
@with_appcontext
def worker(once: bool, parent: int | None) -> None:
    """Send mail, expire holds and tidy up until stopped (Ctrl+C). Several may run at once."""
    if parent is not None:
        end_with(parent)
    require_current_schema()
    stopping = threading.Event()
    chores = chores_of(f"{socket.gethostname()}:{os.getpid()}", stopping)
    if once:
        for chore in chores:
            click.echo(f"{chore.name}: {chore.run()}")
        return
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    _run_until(stopping, chores, current_app._get_current_object())  # type: ignore[attr-defined]


def chores_of(name: str, stopping: threading.Event) -> tuple[Chore, ...]:
    """What a worker of that name does, until `stopping` is set."""
    from ..booking.services import expire_due
    from ..catalogue.outside.refreshing import refresh_due
    from ..foundation import clock
    from ..foundation.transaction import perform
    from ..identity.idempotency import forget_before
    from ..notification.outbox import send_due
    from ..notification.transport import transport_for

    settings = current_app.config["SETTINGS"]
    transport = transport_for(settings)

    def send_all() -> int:
        total = 0
        while sent := send_due(transport, worker=name, now=clock.now, stop=stopping.is_set):
            total += sent
        return total

    def read_calendars() -> int:
        allowed = settings.outside_addresses
        return refresh_due(worker=name, now=clock.now, allowed=allowed, stop=stopping.is_set)

    def forget_old() -> int:
        return perform(forget_before, clock.now() - _ANSWERS_KEPT)

    return (
        Chore("expired holds", 30, lambda: perform(expire_due, clock.now())),
        Chore("sent mails", 2, send_all),
        Chore("outside calendars", 20, read_calendars),
        Chore("forgotten answers", 3600, forget_old),
    )


def _run_until(stopping: threading.Event, chores: tuple[Chore, ...], app: Flask) -> None:
    """Each chore in its turn; one that fails is logged and tried again at its next turn."""
    due = dict.fromkeys(chores, 0.0)
    while not stopping.is_set():
        for chore in chores:
            if due[chore] <= time.monotonic() and not stopping.is_set():
                _do(chore, app)
                due[chore] = time.monotonic() + chore.every
        stopping.wait(max(0.0, min(due.values()) - time.monotonic()))


def _do(chore: Chore, app: Flask) -> None:
    """Run it in a context of its own: nothing that it read stays behind."""
    with app.app_context():
        try:
            done = chore.run()
        except Exception as error:
            log.exception("worker", chore=chore.name, exc_info=error)
        else:
            if done:
                log.info("worker", chore=chore.name, done=done)
