"""`python -m tests.support.nursery SOCKET`: imports the product once, and forks a process for each command asked for.

A question is `{"arguments": …, "environ": …}` with the file that is written to, answered by the child's `pid`; or
`{"ended": pid}`, answered by its exit `status`, or null while it runs. It ends with whoever asks.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import runpy
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import granian.server  # noqa: F401 # what a process imports sooner or later
import time_machine  # noqa: F401
from argon2 import PasswordHasher
from click import ClickException
from sqlalchemy.orm import configure_mappers

from instrument_share import Settings, cli, create_app
from instrument_share.cli.database import require_current_schema
from instrument_share.cli.worker import chores
from instrument_share.identity import passwords

from .databases import environment, release

_CLOCK = Path(__file__).parent / "clock" / "sitecustomize.py"


def main(descriptor: int) -> None:
    _import_all()
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=descriptor) as line:
        arguments = _asked_of_a_child(line)
    if arguments is not None:
        sys.argv = ["instrument-share", *arguments]
        cli.main()


def _import_all() -> None:
    """Much is imported when an application is made, and when it looks at its database for the first time."""
    chores()
    configure_mappers()
    with tempfile.TemporaryDirectory() as folder:
        environ = environment(f"sqlite:///{folder}/none.sqlite", Path(folder))
        app = create_app(Settings.from_environment(environ))
        with app.app_context(), contextlib.suppress(ClickException):  # there is no schema
            require_current_schema()
        with app.app_context():
            release(app)


def _asked_of_a_child(line: socket.socket) -> Sequence[str] | None:
    """Returns in each child, and in this process at the end, with None."""
    while True:
        message, descriptors, *_ = socket.recv_fds(line, 1 << 20, 1)
        if not message:
            return None
        asked = json.loads(message)
        if "ended" in asked:
            line.send(json.dumps({"status": _status(asked["ended"])}).encode())
        elif pid := os.fork():
            os.close(descriptors[0])
            line.send(json.dumps({"pid": pid}).encode())
        else:
            _settle(asked["environ"], descriptors[0])
            return list(asked["arguments"])


def _status(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _settle(environ: dict[str, Any], output: int) -> None:
    """What an execution would have done for this process."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environ)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.close(output)
    if "TESTS_CLOCK" in environ:
        runpy.run_path(str(_CLOCK))
        passwords._hasher = PasswordHasher()  # by the defaults that the clock has brought


if __name__ == "__main__":
    main(int(sys.argv[1]))
