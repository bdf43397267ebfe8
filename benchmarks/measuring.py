"""Clients, timings and rows: how an operation is measured and put beside its limit."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

TURNS = 3


@dataclass(frozen=True)
class Row:
    """One line of the speed table. `ours` and `limit` count `unit`; p95 and max are milliseconds of ours."""

    operation: str
    database: str
    ours: float
    limit: float
    unit: str
    ratio: float
    must: str
    reached: bool
    p95: float
    max: float
    queries: int | None
    growth: float | None = None  # ours at ten times the bookings, as a multiple of ours


@dataclass
class Timings:
    """Seconds of each call, and of the whole with all clients at once."""

    calls: list[float] = field(default_factory=list)
    whole: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.calls) / self.whole

    @property
    def median_ms(self) -> float:
        return statistics.median(self.calls) * 1000

    @property
    def p95_ms(self) -> float:
        return (
            statistics.quantiles(self.calls, n=20)[-1] * 1000
            if len(self.calls) > 1
            else self.max_ms
        )

    @property
    def max_ms(self) -> float:
        return max(self.calls) * 1000


#: Does the work number n once; raises where the answer is wrong.
Call = Callable[[int], None]


def timed(clients: Sequence[Call], calls_each: int) -> Timings:
    """Let every client make its calls, all clients at once; client c makes the calls c, c + clients, …"""
    gate = threading.Barrier(len(clients) + 1)
    timings, failures = Timings(), []

    def run(place: int, call: Call) -> None:
        gate.wait()
        try:
            for turn in range(calls_each):
                began = time.perf_counter()
                call(place + turn * len(clients))
                timings.calls.append(time.perf_counter() - began)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=each) for each in enumerate(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    timings.whole = time.perf_counter() - began
    if failures:
        raise failures[0]
    return timings


def interleaved(
    ours: Callable[[int], Timings], limit: Callable[[int], Timings]
) -> tuple[list[Timings], list[Timings]]:
    """Both in turn, so that a busy machine slows both; the first turn warms up and does not count."""
    pairs = [(ours(turn), limit(turn)) for turn in range(TURNS + 1)][1:]
    return [one for one, _ in pairs], [other for _, other in pairs]


def middle(turns: Sequence[Timings], of: str) -> float:
    """The median over the turns of one of a timing's figures."""
    return statistics.median(getattr(turn, of) for turn in turns)


class Client:
    """One kept connection to a server, and the cookie that it gave last: a browser keeps both."""

    def __init__(self, url: str, **headers: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._headers = headers

    def get(self, path: str, expect: int = 200) -> bytes:
        return self._send("GET", path, None, expect)

    def etag(self, path: str) -> str:
        """The validator of what the path answers now."""
        self._connection.request("HEAD", path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.headers["ETag"]

    def post(self, path: str, data: dict[str, Any], expect: int = 201) -> bytes:
        return self._send("POST", path, json.dumps(data), expect)

    def _send(self, method: str, path: str, body: str | None, expect: int) -> bytes:
        headers = self._headers | ({"Content-Type": "application/json"} if body else {})
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if given := answer.headers["Set-Cookie"]:
            self._headers["Cookie"] = given.partition(";")[0]
        if answer.status != expect:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content
