"""`instrument-share worker`: does what each floor lists in its `chores.py`, until it is stopped."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from dataclasses import replace
from importlib import import_module

import click
import structlog
from flask import Flask, current_app

from ..foundation.chores import Chore, Shift
from ..foundation.clock import now
from .database import with_current_schema
from .processes import end_with

log = structlog.get_logger("instrument_share.worker")

#: The floors that have chores, in the order in which they are done.
FLOORS = ("identity", "files", "catalogue", "access", "booking", "accounting", "notification")
#: After so many seconds a chore that is not finished lets the others have their turn.
_LONGEST_TURN = 60.0
_HURRIED = 0.05


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--hurry", multiple=True, hidden=True, help="Do this chore many times a second.")
@click.option("--parent", type=int, hidden=True, help="End when this process ends.")
@with_current_schema
def worker(once: bool, hurry: tuple[str, ...], parent: int | None) -> None:
    """Send mail, expire holds, remind people and tidy up until stopped (Ctrl+C). Several may run at once."""
    if parent is not None:
        end_with(parent)
    name = f"{socket.gethostname()}:{os.getpid()}"
    if once:
        for chore in chores():
            click.echo(f"{chore.name}: {chore.run(Shift(name, now))}")
        return
    stopping = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopping.set())
    todo = tuple(replace(it, every=_HURRIED) if it.name in hurry else it for it in chores())
    _run_until(stopping, name, todo, current_app._get_current_object())  # type: ignore[attr-defined]


def chores() -> tuple[Chore, ...]:
    """Everything that a worker does, floor by floor."""
    return tuple(
        chore
        for floor in FLOORS
        for chore in import_module(f"instrument_share.{floor}.chores").CHORES
    )


def _run_until(stopping: threading.Event, name: str, todo: tuple[Chore, ...], app: Flask) -> None:
    """Each chore in its turn; one that fails is logged and tried again at its next turn."""
    due = dict.fromkeys(todo, 0.0)
    while not stopping.is_set():
        for chore in todo:
            began = time.monotonic()
            if due[chore] <= began and not stopping.is_set():
                _do(chore, _shift(name, stopping, began + _LONGEST_TURN), app)
                due[chore] = began + chore.every
        stopping.wait(max(0.0, min(due.values()) - time.monotonic()))


def _shift(name: str, stopping: threading.Event, until: float) -> Shift:
    return Shift(name, now, lambda: stopping.is_set() or time.monotonic() > until)


def _do(chore: Chore, shift: Shift, app: Flask) -> None:
    """Run it in a context of its own: nothing that it read stays behind."""
    with app.app_context():
        try:
            done = chore.run(shift)
        except Exception as error:
            log.exception("worker", chore=chore.name, exc_info=error)
        else:
            if done:
                log.info("worker", chore=chore.name, done=done)
