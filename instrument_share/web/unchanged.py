"""`304 Not Modified` for feeds, before Flask: programs ask all day, nearly always for nothing new.

An answer without a text needs no session, no form, no language of pages and no routing. Who is told here what
`schedule/views.py` would tell asks plainly: by GET, without a cookie and without wishes in the address, and has the
feed as it is. Everybody else goes on to Flask: to read what changed, or to hear that an address opens nothing.
`tests/schedule/test_unchanged.py` holds that both say the same.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask
from limits import parse
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import is_resource_modified, parse_accept_header, quote_etag

from ..foundation import clock
from ..foundation.http.limits import PUBLIC, limiter, visitor_at
from ..schedule import heads
from ..schedule.answers import cache_control, language_for
from ..schedule.rules import etag_of, window_at
from . import logs
from .security import standing_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

_FEED = re.compile(
    r"/calendars/(?P<kind>instruments|facilities|private)/(?P<name>[\w-]+)\.ics", re.ASCII
)
#: How the version of each is read, and which view tells the rest.
_KINDS: dict[str, tuple[Callable[[str], heads.Version], str]] = {
    "instruments": (heads.instrument_version, "schedule.instrument_feed"),
    "facilities": (heads.facility_version, "schedule.facility_feed"),
    "private": (heads.own_version, "schedule.private_feed"),
}
_VARY = ("Vary", "Accept-Language, Accept-Encoding, Cookie")
_LIMIT = parse(PUBLIC)


def init_app(app: Flask) -> None:
    """Comes before what stands in front of it: proxies say whose address it is that is counted."""
    app.wsgi_app = UnchangedFeeds(app, app.wsgi_app)  # type: ignore[method-assign]


class UnchangedFeeds:
    """A WSGI application that answers what is unchanged, and has `further` answer all else."""

    def __init__(self, app: Flask, further: WSGIApplication) -> None:
        self._app, self._further = app, further

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        headers = self._headers(environ) if _asks_plainly(environ) else None
        if headers is None:
            return self._further(environ, start_response)
        start_response("304 NOT MODIFIED", headers)
        return ()

    def _headers(self, environ: WSGIEnvironment) -> Headers | None:
        """Those of the answer; None where there is more to say."""
        began, feed = time.monotonic(), _FEED.fullmatch(environ["PATH_INFO"])
        if not feed:
            return None
        read, view = _KINDS[feed["kind"]]
        # What fails here (no such feed, no database, no store of limits) fails in Flask again, which tells of it.
        with contextlib.suppress(Exception), self._app.app_context():
            validators = self._validators(read(feed["name"]), environ, feed["kind"] != "private")
            counted = _counted(environ, view) if validators else None
            if validators and counted is not None:
                told = _told(environ, feed, began)
                return [*validators, *self._standing(), _VARY, *counted, told]
        return None

    def _validators(
        self, version: heads.Version, environ: WSGIEnvironment, shared: bool
    ) -> Headers | None:
        """The feed's, where the program has it as it is."""
        accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
        language = language_for(None, version.language, accepted.values())
        tag = quote_etag(etag_of(version.key, version.number, window_at(clock.now()), language.tag))
        if is_resource_modified(environ, etag=tag, ignore_if_range=True):
            return None
        return [("ETag", tag), ("Cache-Control", cache_control(shared=shared))]

    def _standing(self) -> Iterable[tuple[str, str]]:
        return standing_headers("'self'", self._app.config["SETTINGS"].is_https)


def _asks_plainly(environ: WSGIEnvironment) -> bool:
    return (
        "HTTP_IF_NONE_MATCH" in environ
        and environ["REQUEST_METHOD"] == "GET"
        and "HTTP_COOKIE" not in environ
        and not environ.get("QUERY_STRING")
        and not environ.get("CONTENT_LENGTH")
    )


def _counted(environ: WSGIEnvironment, endpoint: str) -> Headers | None:
    """Count the request as its view's limit would, and what that tells; None once there were too many."""
    if not limiter.enabled:
        return []
    who = (visitor_at(environ.get("REMOTE_ADDR")), endpoint)
    if not limiter.limiter.hit(_LIMIT, *who):
        return None
    resets, left = limiter.limiter.get_window_stats(_LIMIT, *who)
    at = int(resets + 1)
    return [
        ("X-RateLimit-Limit", str(_LIMIT.amount)),
        ("X-RateLimit-Remaining", str(left)),
        ("X-RateLimit-Reset", str(at)),
        ("Retry-After", str(int(at - time.time()))),
    ]


def _told(environ: WSGIEnvironment, feed: re.Match[str], began: float) -> tuple[str, str]:
    """Write the line of this request into the log; the header with its id."""
    request_id = logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
    kind, name = feed.groups()
    path = f"/calendars/{kind}/{'…' if kind == 'private' else name}.ics"
    logs.tell("GET", path, 304, None, began)
    return ("X-Request-ID", request_id)
