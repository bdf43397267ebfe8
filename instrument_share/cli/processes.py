"""Processes that belong together: a child that ends with its parent, and the worker beside the server."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1  # prctl(2)
_STOP_WITHIN = 15.0  # seconds a worker may take to finish the message it is sending
_START_AGAIN_AFTER = 2.0


def end_with(parent: int) -> None:
    """Have Linux send this process SIGTERM when `parent` ends, however it ends; at once if it is
    gone already.

    Elsewhere than on Linux nothing is asked for: there an orderly stop is all there is.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


class WorkerBeside:
    """`instrument-share worker` as a child of the server, started again should it fail."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._keep_running, name="worker", daemon=True)

    def start(self) -> None:
        self._watcher.start()

    def stop(self) -> None:
        """Ask it to finish, wait, and end it if it does not."""
        self._stopping.set()
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._child.kill()

    def _keep_running(self) -> None:
        command = [sys.executable, "-m", "instrument_share.cli", "worker"]
        while not self._stopping.is_set():
            # Spawned, not forked (close_fds=False): of a fork, a server process that granian forks at the same moment
            # keeps the pipe on which Popen waits, and the worker would never be started again.
            self._child = subprocess.Popen(  # noqa: S603
                [*command, "--parent", str(os.getpid())], close_fds=False
            )
            self._child.wait()
            self._stopping.wait(_START_AGAIN_AFTER)
