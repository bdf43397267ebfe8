"""The limit of an HTTP answer: bare Flask behind the same server, sending bytes that it holds ready."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response

CONTENT = "BENCHMARK_CONTENT"


def application() -> Flask:
    """One page, the file that the environment names, and one address that is never news."""
    app = Flask(__name__)
    content = Path(os.environ[CONTENT]).read_bytes()
    app.add_url_rule("/", view_func=lambda: Response(content, mimetype="text/html"))
    app.add_url_rule("/unchanged", view_func=_unchanged)
    return app


def _unchanged() -> Response:
    """What a calendar program is told that has everything already."""
    response = Response(status=304)
    response.set_etag("1")
    return response


@contextlib.contextmanager
def serve_bare(content: bytes, folder: Path) -> Iterator[str]:
    """Serve `content` by two workers; gives the address."""
    file = folder / "bare.html"
    file.write_bytes(content)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "granian",
        "--interface",
        "wsgi",
        "--factory",
        "--workers",
        "2",
        "--blocking-threads",
        "4",  # as our own server (cli/serve.py)
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--port", str(port), "benchmarks.bare:application"],
        env=os.environ | {CONTENT: str(file)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str, seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.05)
    raise RuntimeError("bare Flask did not start")
