"""Many clients, one slot: exactly one wins, whatever the database, on the real server with two workers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.booking.models import Booking, Hold
from instrument_share.booking.rules import State
from instrument_share.foundation.clock import now
from instrument_share.foundation.identifiers import digest_of
from instrument_share.identity.models import ApiToken
from tests.support.builders import make_institution, make_instrument, make_person, request_for
from tests.support.race import race
from tests.support.server import serve

CLIENTS, ROUNDS = 16, 50


@pytest.mark.slow
def test_each_slot_is_won_once(session, environ, tmp_path, record_property):
    instrument = make_instrument()
    people = [make_person(make_institution()) for _ in range(4)]
    for person in people:
        session.add(
            ApiToken(
                person=person, label="race", digest=digest_of(person.email),
                created_at=now(), expires_at=now() + timedelta(days=1),
            )
        )  # fmt: skip
    first = (now() + timedelta(days=1)).replace(minute=0, second=0)
    slots = [first + timedelta(hours=number) for number in range(ROUNDS)]
    bodies = [_body(request_for(instrument, slot, hours=1)) for slot in slots]
    session.commit()

    with serve(environ, tmp_path, workers=2) as server:
        answers = race(server.url, [person.email for person in people], CLIENTS, bodies)

    outcomes = [sorted((each.status, each.json.get("code", "")) for each in got) for got in answers]
    assert outcomes == [[(201, ""), *[(409, "slot_taken")] * (CLIENTS - 1)]] * ROUNDS
    assert all(each.json["alternatives"] for got in answers for each in got if each.status == 409)
    session.expire_all()
    assert session.query(Booking).filter_by(state=State.SUBMITTED).count() == ROUNDS
    assert session.query(Hold).count() == ROUNDS
    slowest = max(each.seconds for got in answers for each in got)
    record_property("slowest_seconds", slowest)
    print(f"slowest answer {slowest * 1000:.0f} ms")


def _body(request) -> dict[str, str]:
    return {
        "instrument": request.instrument,
        "starts_at": request.starts_at.isoformat(),
        "ends_at": request.ends_at.isoformat(),
        "access_mode": request.access_mode,
        "purpose": request.purpose,
    }
