"""Clients that create, approve, move and cancel bookings without pause, and remember what they were told of each."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from .track import times

_PATIENCE = 60.0
_HOURS = 24 * 80


@dataclass
class Known:
    """A booking as its client knows it: the last answer, and what was done, each with whether that was acknowledged."""

    booking: dict[str, Any]
    deeds: list[tuple[str, bool]] = field(default_factory=list)


@dataclass
class Client:
    """One of several: an applicant on an instrument of their own, and the manager who decides on it.

    What is not answered is done again where that is safe (a create, by its Idempotency-Key), or looked at (an action).
    """

    url: str
    applicant: str  # tokens
    manager: str
    body: dict[str, Any]
    first: datetime
    seed: int
    known: dict[str, Known] = field(default_factory=dict)
    unanswered: int = 0
    refused: list[tuple[str, int, str]] = field(default_factory=list)
    _connection: http.client.HTTPConnection | None = None

    def run(self, commands: int) -> Iterator[None]:
        """Yields after each command."""
        chance = random.Random(self.seed)
        for number in range(commands):
            live = [key for key, it in self.known.items() if _is_live(it)]
            action = chance.choice(
                ["create", "create", "approve", "approve", "reschedule", "cancel"]
            )
            if action == "create" or not live:
                self._create(f"{self.seed}-{number}", chance)
            else:
                self._act(chance.choice(live), action, chance)
            yield

    def _create(self, key: str, chance: random.Random) -> None:
        body = {**self.body, **self._some_time(chance)}
        headers = {"Idempotency-Key": key}
        limit = time.monotonic() + _PATIENCE
        while True:
            answer = self._post("/api/v1/bookings", self.applicant, body, headers)
            if answer is not None:
                break
            assert time.monotonic() < limit, "no server answers"
        status, told = answer
        if status == 201:
            self.known[told["reference"]] = Known(told, [("submit", True)])
        else:
            self.refused.append(("create", status, told["code"]))

    def _act(self, reference: str, action: str, chance: random.Random) -> None:
        known = self.known[reference]
        token = self.manager if action == "approve" else self.applicant
        body = self._some_time(chance) if action == "reschedule" else {}
        headers = {"If-Match": f'"{known.booking["version"]}"'}
        path = f"/api/v1/bookings/{reference}/actions/{action}"
        answer = self._post(path, token, body, headers)
        if answer is None:
            known.deeds.append((action, False))
            known.booking = self._seen(reference)
        elif answer[0] == 200:
            known.deeds.append((action, True))
            known.booking = answer[1]
        else:
            self.refused.append((action, answer[0], answer[1]["code"]))
            known.booking = self._seen(reference)

    def _seen(self, reference: str) -> dict[str, Any]:
        limit = time.monotonic() + _PATIENCE
        while True:
            answer = self._send("GET", f"/api/v1/bookings/{reference}", self.applicant, None, {})
            if answer is not None:
                assert answer[0] == 200, answer
                return answer[1]
            assert time.monotonic() < limit, "no server answers"

    def _some_time(self, chance: random.Random) -> dict[str, str]:
        return times(self.first + timedelta(hours=chance.randrange(_HOURS)))

    def _post(
        self, path: str, token: str, body: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]] | None:
        answer = self._send("POST", path, token, json.dumps(body), headers)
        self.unanswered += answer is None
        return answer

    def _send(
        self, method: str, path: str, token: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]] | None:
        """Status and body, or None where the connection ended before the answer."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = None
            return None


class Stream:
    """All clients at work, each in a thread; `done` counts their commands."""

    def __init__(self, clients: Sequence[Client], commands: int) -> None:
        self.done, self.failures = 0, list[BaseException]()
        self._lock = threading.Lock()
        each = commands // len(clients)
        self._threads = [
            threading.Thread(target=self._work, args=(it, each), daemon=True) for it in clients
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def has_done(self, count: int) -> bool:
        """Whether so many commands are done, or none will be any more."""
        return self.done >= count or not any(thread.is_alive() for thread in self._threads)

    def join(self) -> None:
        """Wait for the end. Raises what any client raised."""
        for thread in self._threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def _work(self, client: Client, commands: int) -> None:
        try:
            for _ in client.run(commands):
                with self._lock:
                    self.done += 1
        except BaseException as error:
            self.failures.append(error)


def _is_live(known: Known) -> bool:
    return known.booking["state"] in ("submitted", "confirmed")
