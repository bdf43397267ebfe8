"""The real server, as an operator starts it, in a process group of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from .starting import Process, Start, executed

#: Seconds; the demonstration is loaded first, perhaps beside much else.
START_LIMIT = 180.0
ALONE = ("--no-worker",)
#: Every log written so far in this process; conftest adds them to a failed test's report.
logs: list[Path] = []


@dataclass(frozen=True)
class LiveServer:
    """A running server: `url` without a final slash, the `pid` of its first process, its `log`."""

    url: str
    pid: int
    log: Path

    def workers(self) -> list[int]:
        """The pids of the processes below the first one (for tests that kill one)."""
        return [child.pid for child in psutil.Process(self.pid).children(recursive=True)]


@contextlib.contextmanager
def serve(
    environ: Mapping[str, str],
    folder: Path,
    *,
    workers: int = 2,
    what: str = "serve",
    options: Sequence[str] = (),
    start: Start = executed,
) -> Iterator[LiveServer]:
    """Start `… serve` (or `what` else serves) on a free port, wait until it is ready, and stop it at the end.

    `options` may be `ALONE`: no job worker beside the server, where nobody waits for what it does. `start` may be
    `forked`, where nobody looks at how it starts: that takes a quarter as long.

    `environ` is added to this process's environment without its own INSTRUMENT_SHARE_ settings.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    log = folder / f"server-{port}.log"
    logs.append(log)
    with log.open("wb") as output:
        process = start(
            [what, "--port", str(port), "--workers", str(workers), *options],
            outer_environment() | {"INSTRUMENT_SHARE_BASE_URL": url} | dict(environ),
            output,
        )
    try:
        _wait_until_ready(f"{url}/health/ready", process, log)
        yield LiveServer(url, process.pid, log)
    finally:
        _stop(process)


def tail(log: Path, lines: int = 60) -> str:
    """The last lines of a log, for a failure's report."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def outer_environment() -> dict[str, str]:
    """This process's environment without any settings of an installation.

    Python may keep what it compiled, as in every installation: else each process would compile all modules again.
    """
    left_out = ("INSTRUMENT_SHARE_", "PYTHONDONTWRITEBYTECODE")
    return {k: v for k, v in os.environ.items() if not k.startswith(left_out)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(address: str, process: Process, log: Path) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{tail(log)}")
        if _answers(address):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{address} was not ready within {START_LIMIT:.0f} s:\n{tail(log)}")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _stop(process: Process) -> None:
    for message, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, message)  # its own group: nothing else is in it
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # a worker that outlived the first process
