"""The load that measurements are made with is coherent, and the same each time."""

from __future__ import annotations

from sqlalchemy import func, select

from instrument_share.booking.models import ApprovalStep, Booking, Hold
from instrument_share.catalogue.models import Instrument
from instrument_share.demo.synthetic import generate
from tests.support.builders import AT


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_it_adds_what_was_asked_for(session):
    written = []
    generate(13, 100, at=AT, progress=written.append)
    assert count(session, Instrument) == 13
    assert [count(session, model) for model in (Booking, Hold, ApprovalStep)] == [100] * 3
    assert written[-1] == 100


def test_several_runs_add_up(session):
    for _ in range(2):
        generate(5, 20, at=AT)
    assert (count(session, Instrument), count(session, Hold)) == (10, 40)


def test_what_it_adds_can_be_found_and_read(client, session):
    generate(13, 40, at=AT)
    found = client.get("/api/v1/instruments", query_string={"q": "显微镜"}).get_json()
    assert found["total"] == 7
    assert client.get(f"/instruments/{found['items'][0]['slug']}").status_code == 200
