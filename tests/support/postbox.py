"""A mail server's other end, which counts what arrives."""

from __future__ import annotations

import contextlib
import re
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


@dataclass
class Postbox:
    """How often each Message-ID came in. After `at_most` mails it hangs up, and is called again."""

    url: str = ""
    at_most: int = 100
    calls: int = 0
    arrived: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, mail: bytes) -> None:
        found = _MESSAGE_ID.search(mail)
        with self._lock:
            self.arrived[found[1].decode() if found else ""] += 1


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    box: Postbox


class _Talk(socketserver.StreamRequestHandler):
    """As little of RFC 5321 as a sender needs: thousands of mails come, in the process that drives a test."""

    def handle(self) -> None:
        box = cast(_Server, self.server).box
        box.calls += 1
        with contextlib.suppress(ConnectionError):
            self._say("220 here")
            left = box.at_most
            while left and (verb := self.rfile.readline()[:4].upper().strip()):
                if verb == b"DATA":
                    self._say("354 go on")
                    box.take(self._mail())
                    left -= 1
                self._say("250 OK")

    def _mail(self) -> bytes:
        """Up to the line with a dot alone."""
        lines = iter(self.rfile.readline, b".\r\n")
        mail = []
        for line in lines:
            if not line:
                raise ConnectionError("gone in the middle of a mail")
            mail.append(line)
        return b"".join(mail)

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")


@contextlib.contextmanager
def postbox(at_most: int = 100) -> Iterator[Postbox]:
    """One that listens, until the end of the block."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.box = Postbox(f"smtp://127.0.0.1:{server.server_address[1]}", at_most)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.box
        finally:
            server.shutdown()
            thread.join()
