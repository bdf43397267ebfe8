"""Series and single bookings that want the same times at the same moment, on the real server with two workers."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest

from instrument_share.booking.models import Booking, Hold
from instrument_share.foundation.clock import now
from instrument_share.foundation.identifiers import digest_of
from instrument_share.identity.models import ApiToken
from tests.support.builders import make_institution, make_instrument, make_person
from tests.support.server import ALONE, serve

CLIENTS = 8


@pytest.mark.slow
def test_what_is_told_is_what_is_saved(session, environ, tmp_path):
    instrument = make_instrument()
    people = [make_person(make_institution()) for _ in range(CLIENTS)]
    for person in people:
        session.add(
            ApiToken(
                person=person, label="race", digest=digest_of(person.email),
                created_at=now(), expires_at=now() + timedelta(days=1),
            )
        )  # fmt: skip
    session.commit()
    first = (now() + timedelta(days=2)).replace(minute=0, second=0)

    def ask(url: str, number: int) -> tuple[int, dict]:
        """Every other client asks for a series, the others for its second day."""
        is_series = number % 2 == 0
        start = first + timedelta(days=0 if is_series else 1, hours=number % 3)
        body = {
            "instrument": instrument.slug, "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=2)).isoformat(), "access_mode": "on_site",
            "purpose": "race",
        }  # fmt: skip
        if is_series:
            body |= {
                "rrule": "FREQ=DAILY;COUNT=6",
                "on_conflict": "shift" if number % 4 else "skip",
            }
        return _post(f"{url}/api/v1/{'series' if is_series else 'bookings'}", body, people[number])

    with (
        serve(environ, tmp_path, workers=2, options=ALONE) as server,
        ThreadPoolExecutor(CLIENTS) as pool,
    ):
        answers = list(pool.map(lambda number: ask(server.url, number), range(CLIENTS)))

    assert {status for status, _ in answers} <= {201, 409}
    booked = [
        each["reference"]
        for status, answer in answers
        if status == 201
        for each in answer.get("occurrences", [answer])
    ]
    assert len(booked) > 6
    session.expire_all()
    assert sorted(booked) == sorted(row.reference for row in session.query(Booking))
    holds = sorted(session.query(Hold), key=lambda hold: hold.held_from)
    assert len(holds) == len(booked)
    assert all(one.held_until <= two.held_from for one, two in pairwise(holds))


def _post(url: str, body: dict, person) -> tuple[int, dict]:
    request = urllib.request.Request(
        url, json.dumps(body).encode(),
        {"Authorization": f"Bearer {person.email}", "Content-Type": "application/json"},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)
