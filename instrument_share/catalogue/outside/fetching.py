"""Fetching a calendar from a server that nobody here knows: bounded in time, size, redirects and addresses."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import quote, urljoin

from .addresses import Network, Target, target_of
from .rules import MOST_BYTES, MOST_REDIRECTS, MOST_SECONDS, CalendarFault, Fault

_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Known:
    """What the server said of the state that we have: for a conditional request (RFC 9110 section 13)."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """The calendar's bytes, or None where it is unchanged; and what to ask with the next time."""

    body: bytes | None
    known: Known


def fetch(url: str, known: Known, allowed: Sequence[Network] = ()) -> Fetched:
    """The calendar at a web address. Raises CalendarFault, whatever the other side does."""
    deadline = time.monotonic() + MOST_SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        with _asked(target_of(url, allowed), known.headers, deadline) as answer:
            if answer.status not in _REDIRECTS:
                return _fetched(answer, known)
            url = urljoin(
                url, quote(answer.headers.get("Location", ""), safe="%/:=&?~#+!$,;'@()*[]")
            )
    raise CalendarFault(Fault.TOO_MANY_REDIRECTS)


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
def _asked(target: Target, headers: dict[str, str], deadline: float) -> Iterator[HTTPResponse]:
    """The answer's head; its body is read inside. One that drips byte by byte is cut at the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise CalendarFault(Fault.TOO_SLOW)
    connection = _PinnedConnection(target, left)
    watch = threading.Timer(left, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        asking = {"Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity",
                  "User-Agent": "instrument-share", "Connection": "close"}  # fmt: skip
        connection.request("GET", target.path, headers=asking | headers)
        yield connection.getresponse()
        if time.monotonic() >= deadline:  # what was cut off may look complete
            raise CalendarFault(Fault.TOO_SLOW)
    except ssl.SSLError:
        raise CalendarFault(Fault.CERTIFICATE) from None
    except (OSError, HTTPException, ValueError):
        is_late = time.monotonic() >= deadline
        raise CalendarFault(Fault.TOO_SLOW if is_late else Fault.UNREACHABLE) from None
    finally:
        watch.cancel()
        connection.close()


def _fetched(answer: HTTPResponse, known: Known) -> Fetched:
    if answer.status == 304:
        return Fetched(None, known)
    if answer.status != 200:
        raise CalendarFault(Fault.STATUS, answer.status)
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise CalendarFault(Fault.UNREADABLE)
    fresh = Known(
        answer.headers.get("ETag", "")[:300], answer.headers.get("Last-Modified", "")[:100]
    )
    return Fetched(_body(answer), fresh)


def _body(answer: HTTPResponse) -> bytes:
    parts, total = [], 0
    while chunk := answer.read(_CHUNK):
        total += len(chunk)
        if total > MOST_BYTES:
            raise CalendarFault(Fault.TOO_LARGE)
        parts.append(chunk)
    return b"".join(parts)
