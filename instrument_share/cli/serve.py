"""`instrument-share serve`: the site behind granian.

granian runs the application in processes of its own (two by default), each with a few threads.
Static files go through the application, so that they carry the same security headers as every
answer; versioned addresses and `immutable` keep browsers from asking twice (web/static_files.py).
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import socket
from typing import TYPE_CHECKING

import click

from ..settings import PREFIX, Settings
from .processes import WorkerBeside, end_with

if TYPE_CHECKING:
    from flask import Flask

#: Threads in each process: more than one, because they wait for the database; few, because they take turns at the
#: interpreter, and whoever holds a lock in the database waits with the others for a turn. With eight, sixteen people
#: who race for a slot wait half as long again for the last answer as with four, and use a fifth more of the processor.
_THREADS = 4
#: Seconds that requests in flight may take after the server was told to stop.
_GRACE = 10


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Server processes."
)
@click.option(
    "--with-worker/--no-worker",
    default=None,
    help="Run the worker beside the server.  [default: on SQLite alone]",
)
def serve(host: str, port: int, workers: int, with_worker: bool | None) -> None:
    """Serve the site until it is stopped (Ctrl+C)."""
    run(host=host, port=port, workers=workers, with_worker=with_worker)


def run(*, host: str, port: int, workers: int = 2, with_worker: bool | None = None) -> None:
    """Serve with the settings of the environment; return when told to stop by SIGINT or SIGTERM.

    Unless `with_worker` says otherwise, the worker runs beside the server on SQLite, the embedded
    default, and is a process of its own on PostgreSQL. Raises SettingsError, or a ClickException
    where the schema is behind or the port is taken.
    """
    os.environ.setdefault(f"{PREFIX}BASE_URL", _address(host, port))
    settings = Settings.from_environment(os.environ)
    _require_ready(settings)
    _require_free(host, port)
    beside = settings.is_embedded if with_worker is None else with_worker
    _serve(host, port, workers, WorkerBeside() if beside else None)


def application() -> Flask:
    """What a server process loads. It ends with the server that started it."""
    from sqlalchemy.orm import configure_mappers

    from .. import create_app

    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # inherited, and deaf until granian sets its own
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        end_with(parent.pid)
    app = create_app()
    configure_mappers()  # else the first who comes waits for it
    gc.collect()
    gc.freeze()  # what was loaded stays: no later collection has to look through it
    return app


def _serve(host: str, port: int, workers: int, beside: WorkerBeside | None) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "instrument_share.cli.serve:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
        log_level=LogLevels.error,  # its warnings only doubt the number of threads
    )
    if beside:
        server.on_startup(beside.start)
        server.on_shutdown(beside.stop)
    server.on_startup(lambda: click.echo(f"Serving on {_address(host, port)} (Ctrl+C stops)."))
    server.serve()


def _require_ready(settings: Settings) -> None:
    """Raise unless the application starts and its database holds the schema it needs."""
    from .. import create_app
    from ..foundation.database import db
    from .database import require_current_schema

    with create_app(settings).app_context():
        require_current_schema()
        db.engine.dispose()  # connections must not cross into the server's processes


def _require_free(host: str, port: int) -> None:
    """Raise where something listens there already: granian would share the port with it without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen at {host}:{port} ({error.strerror}): choose another --port."
            ) from None


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{shown}:{port}"
