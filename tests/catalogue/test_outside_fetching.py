"""Fetching calendars from servers nobody knows: what is an answer, and when enough is enough."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from instrument_share.catalogue.outside import fetching
from instrument_share.catalogue.outside.fetching import Known, fetch, plain_url
from instrument_share.catalogue.outside.rules import CalendarFault
from instrument_share.foundation.outgoing.faults import Why

LOCAL = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://a.example/c.ics", "https://a.example/c.ics"),
        (" webcal://a.example/c.ics?key=1 ", "https://a.example/c.ics?key=1"),
        ("WEBCAL://a.example", "https://a.example"),
        ("http://a.example:8080/", "http://a.example:8080/"),
    ],
)
def test_addresses_are_taken_as_people_paste_them(typed, url):
    assert plain_url(typed) == url


@pytest.mark.parametrize(
    "typed",
    ["", "c.ics", "ftp://a.example/", "file:///etc/passwd", "https://", "https://u:p@a.example/",
     "https://a.example:99999/", "https://a.example/a b", "https://a.example/\x00", "javascript:1"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(typed):
    with pytest.raises(CalendarFault) as refused:
        plain_url(typed)
    assert refused.value.code == Why.BAD_ADDRESS


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "0x7f.1", "2130706433"])
def test_this_machine_is_not_called_by_any_name(host):
    with pytest.raises(CalendarFault) as refused:
        fetch(f"http://{host}:9/", Known())
    assert refused.value.code in (Why.REFUSED_ADDRESS, Why.UNRESOLVED)


Answer = Callable[[BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """A server on this machine that answers every GET so; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name is the library's
            with contextlib.suppress(OSError):
                answer(self)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def told(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def code_of(url: str) -> str:
    with pytest.raises(CalendarFault) as refused:
        fetch(url, Known(), LOCAL)
    return refused.value.code


def test_an_unchanged_calendar_is_not_sent_again():
    seen: list[dict[str, str]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.append(dict(handler.headers))
        is_known = handler.headers.get("If-None-Match") == '"1"'
        (told(304) if is_known else told(200, b"body", ETag='"1"'))(handler)

    with serving(answer) as url:
        first = fetch(url, Known(), LOCAL)
        again = fetch(url, first.known, LOCAL)
    assert (first.body, again.body, again.known) == (b"body", None, first.known)
    assert [request.get("If-None-Match") for request in seen] == [None, '"1"']


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (told(404), "status_404"),
        (told(500), "status_500"),
        (told(200, b"x", Content_Encoding="gzip"), "unreadable"),
        (told(302, Location="/again"), "too_many_redirects"),
        (told(302, Location="http://10.0.0.1/c.ics"), "refused_address"),
        (told(307, Location="http://[::1]/c.ics"), "refused_address"),
        (told(302, Location="file:///etc/passwd"), "bad_address"),
    ],
)
def test_answers_that_are_no_calendar_are_faults(answer, code):
    with serving(answer) as url:
        assert code_of(url) == code


def test_a_redirect_is_followed():
    def answer(handler: BaseHTTPRequestHandler) -> None:
        target = told(200, b"found") if handler.path == "/new" else told(301, Location="/new")
        target(handler)

    with serving(answer) as url:
        assert fetch(url, Known(), LOCAL).body == b"found"


def test_size_is_limited_whatever_the_server_says_of_it(monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 100_000)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"x" * 65536)

    with serving(answer) as url:
        assert code_of(url) == "too_large"


@pytest.mark.parametrize("drips", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\nBEGIN"])
def test_a_server_that_drips_is_cut_off(monkeypatch, drips):
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.5)
    over = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(drips)
        while not over.wait(0.05):
            handler.wfile.write(b"x")

    with serving(answer) as url:
        try:
            assert code_of(url) == "too_slow"
        finally:
            over.set()


def test_nobody_listens():
    with serving(told(200)) as url:
        pass
    assert code_of(url) == "unreachable"
