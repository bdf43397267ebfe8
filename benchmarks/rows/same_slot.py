"""Sixteen clients ask for one slot at the same moment, fifty times."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.support.race import race

from ..house import House
from ..measuring import Row
from .requests import body_of, free_starts

CLIENTS, ROUNDS, WARMING = 16, 50, 3
SLOWEST_MS = {"sqlite": 2000, "postgresql": 500}


def measure(house: House, _folder: Path) -> Iterator[Row]:
    starts = free_starts(house.instruments[-1:], WARMING + ROUNDS)
    bodies = [body_of(slug, start) for slug, start in starts]
    race(house.url, house.tokens, CLIENTS, bodies[:WARMING])
    rounds = race(house.url, house.tokens, CLIENTS, bodies[WARMING:])
    kept = sum(answer.status == 201 for answers in rounds for answer in answers)
    refused = sum(
        answer.status == 409 and answer.json["code"] == "slot_taken"
        for answers in rounds
        for answer in answers
    )
    milliseconds = [answer.seconds * 1000 for answers in rounds for answer in answers]
    slowest, must = max(milliseconds), SLOWEST_MS[house.database]
    yield Row(
        operation=f"same slot, {CLIENTS} clients, {ROUNDS} rounds",
        database=house.database,
        ours=kept,
        limit=ROUNDS,
        unit="kept",
        ratio=kept / ROUNDS,
        must=f"exactly {ROUNDS} kept, losers 409, slowest < {must} ms",
        reached=kept == ROUNDS and kept + refused == CLIENTS * ROUNDS and slowest < must,
        p95=statistics.quantiles(milliseconds, n=20)[-1],
        max=slowest,
        queries=None,
    )
