"""The main job through the JSON API alone: from a search to a line on the statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.api import ApiCaller

from .books import Use, check_books, used_minutes
from .conftest import after_month_of

FOUR_HOURS = timedelta(hours=4)


@pytest.mark.slow
@pytest.mark.contents("demo")
def test_hours_are_found_asked_for_approved_used_and_accounted(installation):
    with installation.served() as server:
        researcher = ApiCaller(server.url).sign_in("researcher@demo.example")
        manager = ApiCaller(server.url).sign_in("manager@demo.example")
        office = ApiCaller(server.url).sign_in("international-office@demo.example")
        programme = ApiCaller(server.url).sign_in("programme@demo.example")
        instrument, starts_at = _free_time(researcher, "transmission electron microscope")
        before = used_minutes(programme, starts_at.year)
        booking = _asked(researcher, instrument, starts_at)
        queue = manager.get("/api/v1/approvals", page_size=200).json["items"]
        assert booking["reference"] in [row["reference"] for row in queue]
        booking = office_says_yes(office, manager.act(booking, "approve", comment="Welcome"))
        assert booking["state"] == "confirmed"

        use = Use(booking["reference"], starts_at, starts_at + FOUR_HOURS)
        installation.clock.move_to(use.ended_at)
        _started_and_finished(manager, booking, use)

        installation.clock.move_to(after_month_of(use.started_at))
        programme = ApiCaller(server.url).sign_in("programme@demo.example")
        period = use.started_at.strftime("%Y-%m")
        issued = programme.post("/api/v1/statements", {"period": period})
        assert issued.status == 201, issued.body.decode()
        researcher = ApiCaller(server.url).sign_in("researcher@demo.example")
        check_books([use], programme, researcher, before)
        settled = researcher.get(f"/api/v1/bookings/{use.reference}").json
        assert settled["state"] == "settled"


def _started_and_finished(manager: ApiCaller, booking: dict, use: Use) -> None:
    running = manager.act(booking, "start")
    done = manager.act(
        running,
        "finish",
        started_at=use.started_at.isoformat(),
        ended_at=use.ended_at.isoformat(),
    )
    assert done["state"] == "completed"
    assert [line["minutes"] for line in done["charges"]] == [240]
    assert {"description", "quantity", "unit", "rate", "amount"} <= set(done["charges"][0])


def office_says_yes(office: ApiCaller, booking: dict) -> dict:
    assert booking["state"] == "submitted", "the international office has not been asked yet"
    return office.act(booking, "approve")


def _free_time(researcher: ApiCaller, words: str) -> tuple[dict, datetime]:
    """The first hit of the search that the researcher may use, and four hours in which it is free."""
    start = datetime.now(UTC) + timedelta(days=3)
    window = {"from": start.isoformat(), "until": (start + timedelta(days=21)).isoformat()}
    for hit in researcher.get("/api/v1/instruments", q=words).json["items"]:
        path = f"/api/v1/instruments/{hit['slug']}"
        instrument = researcher.get(path).json
        mode = instrument["access_modes"][0]
        if instrument["slot_rules"]["longest_minutes"] < 240:
            continue
        if not researcher.get(f"{path}/eligibility", mode=mode).json["eligible"]:
            continue
        for free in researcher.get(f"{path}/availability", **window).json["free"]:
            begins, ends = (datetime.fromisoformat(free[name]) for name in ("from", "until"))
            if ends - begins >= FOUR_HOURS:
                return instrument, begins
    raise AssertionError(f"no free four hours for {words!r}")


def _asked(researcher: ApiCaller, instrument: dict, starts_at: datetime) -> dict:
    reply = researcher.post(
        "/api/v1/bookings",
        {
            "instrument": instrument["slug"],
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + FOUR_HOURS).isoformat(),
            "access_mode": instrument["access_modes"][0],
            "purpose": "Cross-sections of thin films",
        },
        **{"Idempotency-Key": "story"},
    )
    assert reply.status == 201, reply.body.decode()
    return dict(reply.json)
