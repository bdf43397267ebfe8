"""Fetching a calendar from a server that nobody here knows: bounded in time, size, redirects and addresses."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import quote, urljoin

from ...foundation.outgoing.addresses import Network, check_is_web, target_of
from ...foundation.outgoing.faults import CallFailed
from ...foundation.outgoing.transport import asked, body_of
from .rules import MOST_BYTES, MOST_REDIRECTS, MOST_SECONDS, CalendarFault, Fault

_REDIRECTS = (301, 302, 303, 307, 308)


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
    with _told_as_calendar_fault():
        return _followed(url, known, allowed, time.monotonic() + MOST_SECONDS)


def plain_url(text: str) -> str:
    """An address as people paste it, with `webcal:` as https. Raises CalendarFault for what is no web address."""
    url = text.strip()
    for scheme in ("webcal://", "webcals://"):
        if url.lower().startswith(scheme):
            url = "https://" + url[len(scheme) :]
    with _told_as_calendar_fault():
        check_is_web(url)
    return url


@contextmanager
def _told_as_calendar_fault() -> Iterator[None]:
    try:
        yield
    except CallFailed as failed:
        raise CalendarFault(failed.why) from None


def _followed(url: str, known: Known, allowed: Sequence[Network], deadline: float) -> Fetched:
    headers = {"Accept": "text/calendar, */*;q=0.1"} | known.headers
    for _ in range(MOST_REDIRECTS + 1):
        with asked(target_of(url, allowed), deadline=deadline, headers=headers) as answer:
            if answer.status not in _REDIRECTS:
                return _fetched(answer, known)
            url = urljoin(
                url, quote(answer.headers.get("Location", ""), safe="%/:=&?~#+!$,;'@()*[]")
            )
    raise CalendarFault(Fault.TOO_MANY_REDIRECTS)


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
    return Fetched(body_of(answer, MOST_BYTES), fresh)
