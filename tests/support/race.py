"""Many clients that ask for the same thing at the same moment, over HTTP."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What one client got: HTTP status, parsed body, seconds from sending to the last byte."""

    status: int
    json: dict[str, Any]
    seconds: float


def race(
    url: str, tokens: Sequence[str], clients: int, rounds: Sequence[dict[str, Any]]
) -> list[list[Answer]]:
    """The answers of each round, in which every client posts the round's body to `/api/v1/bookings` at once.

    Clients keep their connection, take the tokens in turn, and wait for one another before each round.
    """
    gate = threading.Barrier(clients)
    answers: list[list[Answer]] = [[] for _ in rounds]
    failures: list[BaseException] = []

    def run(number: int) -> None:
        client = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        for place, body in enumerate(rounds):
            gate.wait(timeout=120)
            answers[place].append(_post(client, tokens[number % len(tokens)], body))
        client.close()

    _run_all(clients, run, gate, failures)
    if failures:
        raise failures[0]
    return answers


def _post(client: http.client.HTTPConnection, token: str, body: dict[str, Any]) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    began = time.perf_counter()
    client.request("POST", "/api/v1/bookings", json.dumps(body), headers)
    response = client.getresponse()
    content = response.read()
    return Answer(response.status, json.loads(content), time.perf_counter() - began)


def _run_all(
    clients: int,
    run: Callable[[int], None],
    gate: threading.Barrier,
    failures: list[BaseException],
) -> None:
    def guarded(number: int) -> None:
        try:
            run(number)
        except BaseException as error:
            failures.append(error)
            gate.abort()

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
