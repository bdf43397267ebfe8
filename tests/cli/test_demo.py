"""`instrument-share demo` from nothing: it loads, serves, and every kind of paper can be had at once."""

from __future__ import annotations

import pytest

from tests.support.api import ApiCaller
from tests.support.server import serve


@pytest.mark.slow
def test_the_first_start_serves_statements_and_calendars(tmp_path):
    environ = {"INSTRUMENT_SHARE_INSTANCE_DIR": str(tmp_path / "instance")}
    with serve(environ, tmp_path, what="demo") as server:
        programme = ApiCaller(server.url).sign_in("programme@demo.example")
        number = programme.get("/api/v1/statements").json["items"][0]["number"]
        for _ in range(4):  # so that each server process has its turn
            paper = programme.get(f"/api/v1/statements/{number}.pdf")
            assert (paper.status, paper.body[:5]) == (200, b"%PDF-")
        slug = programme.get("/api/v1/instruments").json["items"][0]["slug"]
        assert b"BEGIN:VCALENDAR" in programme.get(f"/calendars/instruments/{slug}.ics").body
