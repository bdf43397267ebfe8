"""One request to a server that nobody here knows: to the address that was judged, bounded in time and size.

with asked(target_of(url, allowed), deadline=time.monotonic() + 20) as answer:
    body = body_of(answer, most=5_000_000)
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse

from .addresses import Target
from .faults import CallFailed, Why

_CHUNK = 64 * 1024
_ALWAYS = {"Accept-Encoding": "identity", "User-Agent": "instrument-share", "Connection": "close"}


class _PinnedConnection(HTTPConnection):
    """Connects to the address that was judged, not to what the name means a moment later."""

    def __init__(self, target: Target, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self.default_port = 443 if target.scheme == "https" else 80
        self._target = target
        self._wire: socket.socket | None = None  # the response takes `sock` away

    def connect(self) -> None:
        self.sock = socket.create_connection(
            (self._target.address, self._target.port), timeout=self.timeout
        )
        if self._target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._target.host)
        self._wire = self.sock

    def cut(self) -> None:
        """End it from another thread: whoever waits for the other side stops waiting."""
        if self._wire is not None:
            with suppress(OSError):  # it was over already
                self._wire.shutdown(socket.SHUT_RDWR)


@contextmanager
def asked(
    target: Target,
    *,
    deadline: float,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Iterator[HTTPResponse]:
    """The answer's head, whatever its status; its body is read inside. Redirects are not followed.

    `deadline` is on the monotonic clock: an answer that drips byte by byte is cut then. Raises CallFailed, also for
    what goes wrong while the body is read.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise CallFailed(Why.TOO_SLOW)
    connection = _PinnedConnection(target, left)
    watch = threading.Timer(left, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, target.path, body=body, headers={**_ALWAYS, **(headers or {})})
        yield connection.getresponse()
        if time.monotonic() >= deadline:  # what was cut off may look complete
            raise CallFailed(Why.TOO_SLOW)
    except ssl.SSLError:
        raise CallFailed(Why.CERTIFICATE) from None
    except (OSError, HTTPException, ValueError):
        is_late = time.monotonic() >= deadline
        raise CallFailed(Why.TOO_SLOW if is_late else Why.UNREACHABLE) from None
    finally:
        watch.cancel()
        connection.close()


def body_of(answer: HTTPResponse, most: int) -> bytes:
    """What the answer holds. Raises CallFailed for more than `most` bytes, whatever its head says of its length."""
    parts, total = [], 0
    while chunk := answer.read(_CHUNK):
        total += len(chunk)
        if total > most:
            raise CallFailed(Why.TOO_LARGE)
        parts.append(chunk)
    return b"".join(parts)
