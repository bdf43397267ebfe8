"""How a process of the command line begins: as an operator starts it, or where its imports are done already."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

COMMAND = (sys.executable, "-m", "instrument_share.cli")


class Process(Protocol):
    """What `subprocess.Popen` and `Fork` have in common."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


#: `start(arguments, environ, output)` of `instrument-share …`, in a process group of its own.
Start = Callable[[Sequence[str], Mapping[str, str], BinaryIO], Process]


def executed(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    output: BinaryIO,
    *,
    command: Sequence[str] = COMMAND,
    cwd: Path | None = None,
) -> Process:
    """As an operator starts it. Importing is most of what its start takes."""
    return subprocess.Popen(
        [*command, *arguments],
        env=dict(environ),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def forked(arguments: Sequence[str], environ: Mapping[str, str], output: BinaryIO) -> Process:
    """The same program as a fork of a process that has imported it (nursery.py), where its start is not the point."""
    return _nursery().start(arguments, environ, output)


@dataclass
class Fork:
    """A child of the nursery, which alone is told how it ended."""

    pid: int
    nursery: Nursery
    returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self.nursery.ask({"ended": self.pid})["status"]
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.poll() is None:
            descriptor = os.pidfd_open(self.pid)
            readable, *_ = select.select([descriptor], [], [], timeout)
            os.close(descriptor)
            if not readable:
                raise subprocess.TimeoutExpired("instrument-share", timeout or 0.0)
        status = self.poll()
        assert status is not None
        return status

    def terminate(self) -> None:
        self._tell(signal.SIGTERM)

    def kill(self) -> None:
        self._tell(signal.SIGKILL)

    def _tell(self, message: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, message)


class Nursery:
    """The other side of nursery.py; it ends with this process."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", "tests.support.nursery", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        atexit.register(self.close)

    def start(self, arguments: Sequence[str], environ: Mapping[str, str], output: BinaryIO) -> Fork:
        asked = {"arguments": list(arguments), "environ": dict(environ)}
        return Fork(self.ask(asked, [output.fileno()])["pid"], self)

    def ask(self, what: Mapping[str, Any], descriptors: Sequence[int] = ()) -> dict[str, Any]:
        socket.send_fds(self._line, [json.dumps(what).encode()], list(descriptors))
        told = self._line.recv(1000)
        assert told, "the nursery ended"
        return dict(json.loads(told))

    def close(self) -> None:
        self._line.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)


@functools.cache
def _nursery() -> Nursery:
    return Nursery()
