"""Many clients that do something at the same moment, over HTTP."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

_PATIENCE = 120.0


@dataclass(frozen=True)
class Answer:
    """What one client got: HTTP status, parsed body, seconds from sending to the last byte."""

    status: int
    json: dict[str, Any]
    seconds: float

    @property
    def outcome(self) -> tuple[int, str]:
        """The status, and the problem's code where there is one."""
        return self.status, self.json.get("code", "")


@dataclass(frozen=True)
class Call:
    """A POST of the JSON API, as the person of a token."""

    path: str
    token: str
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def race(
    url: str, tokens: Sequence[str], clients: int, rounds: Sequence[dict[str, Any]]
) -> list[list[Answer]]:
    """The answers of each round, in which every client posts the round's body to `/api/v1/bookings` at once."""
    with Runners(url, clients) as runners:
        return [
            runners.run([create(tokens[n % len(tokens)], body) for n in range(clients)])
            for body in rounds
        ]


def create(token: str, body: dict[str, Any]) -> Call:
    return Call("/api/v1/bookings", token, body)


def act(token: str, booking: dict[str, Any], action: str, **body: Any) -> Call:
    """An action on a booking in the version that the client knows."""
    path = f"/api/v1/bookings/{booking['reference']}/actions/{action}"
    return Call(path, token, body, {"If-Match": f'"{booking["version"]}"'})


class Runners:
    """Clients that keep their connections and all start at once, round after round.

    `with Runners(url, 16) as runners: answers = runners.run(calls)`: the answers stand in the order of the calls, of
    which there are at most as many as runners.
    """

    def __init__(self, url: str, count: int) -> None:
        self._netloc = urlsplit(url).netloc
        self._start, self._end = threading.Barrier(count + 1), threading.Barrier(count + 1)
        self._calls: Sequence[Call] = ()
        self._answers: list[Answer | BaseException | None] = []
        self._threads = [threading.Thread(target=self._keep, args=(n,)) for n in range(count)]

    def __enter__(self) -> Runners:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._start.abort()
        for thread in self._threads:
            thread.join()

    def run(
        self, calls: Sequence[Call], meanwhile: Callable[[], object] = lambda: None
    ) -> list[Answer]:
        """Every call at the same moment, and `meanwhile` in this thread. Raises what any of them raised."""
        self._calls, self._answers = calls, [None] * len(calls)
        self._start.wait(_PATIENCE)
        meanwhile()
        self._end.wait(_PATIENCE)
        for answer in self._answers:
            if isinstance(answer, BaseException):
                raise answer
        return [answer for answer in self._answers if isinstance(answer, Answer)]

    def _keep(self, number: int) -> None:
        client = http.client.HTTPConnection(self._netloc, timeout=60)
        while True:
            try:
                self._start.wait()
            except threading.BrokenBarrierError:
                break
            if number < len(self._calls):
                try:
                    self._answers[number] = _sent(client, self._calls[number])
                except Exception as error:
                    self._answers[number] = error
            self._end.wait(_PATIENCE)
        client.close()


def _sent(client: http.client.HTTPConnection, call: Call) -> Answer:
    headers = {
        "Authorization": f"Bearer {call.token}",
        "Content-Type": "application/json",
        **call.headers,
    }
    began = time.perf_counter()
    client.request("POST", call.path, json.dumps(call.body), headers)
    response = client.getresponse()
    content = response.read()
    return Answer(response.status, json.loads(content), time.perf_counter() - began)
