"""Bad input has a clear answer in three languages, and nothing of it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, table

from instrument_share.foundation.interval import Interval
from instrument_share.identity.services import issue_token
from instrument_share.identity.values import TOKEN_LIFE
from tests.support.builders import AT, make_closure, make_instrument
from tests.support.scene import make_scene
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

TOMORROW = AT + timedelta(days=1)


HOUR = timedelta(hours=1)


LETTERS = {"en": r"[A-Za-z]{3}", "zh-Hans": r"[\u4e00-\u9fff]{2}", "ar": r"[\u0621-\u064a]{3}"}


WATCHED = (
    "institution_application",
    "booking",
    "hold",
    "approval_step",
    "person",
    "message",
    "audit_entry",
    "idempotency_key",
)


@pytest.fixture
def scene(session):
    """An instrument with every rule there is, a closure, and a retired one beside it."""
    scene = make_scene(
        lead_minutes=120,
        shortest_minutes=60,
        opening={day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    )
    make_closure(scene.instrument, Interval(TOMORROW + 48 * HOUR, TOMORROW + 50 * HOUR))
    make_instrument(scene.instrument.facility, slug="retired", status="retired")
    return scene


@pytest.fixture
def unchanged(session) -> Callable[[], None]:
    """Call it to be sure that no row was written since the test began."""
    session.commit()

    def counts() -> dict[str, int]:
        return {
            name: session.scalar(select(func.count()).select_from(table(name))) for name in WATCHED
        }

    before = counts()

    def check() -> None:
        session.rollback()
        assert counts() == before

    return check


def slot(start: Any, hours: float) -> dict[str, str]:
    return {"starts_at": start.isoformat(), "ends_at": (start + hours * HOUR).isoformat()}


#: What is wrong, what is sent instead, and the code and field of the answer.
BOOKINGS: dict[str, tuple[dict[str, Any], str, str]] = {
    "end before start": (slot(TOMORROW, -2), "end_before_start", "ends_at"),
    "zero length": (slot(TOMORROW, 0), "end_before_start", "ends_at"),
    "outside opening hours": (slot(TOMORROW + 12 * HOUR, 2), "outside_opening_hours", "starts_at"),
    "in the past": (slot(TOMORROW - 72 * HOUR, 2), "in_the_past", "starts_at"),
    "too soon": (slot(AT + HOUR, 2), "too_soon", "starts_at"),
    "beyond the horizon": (slot(TOMORROW + 400 * 24 * HOUR, 2), "beyond_horizon", "starts_at"),
    "off the grid": (slot(TOMORROW + timedelta(minutes=7), 2), "off_grid", "starts_at"),
    "too short": (slot(TOMORROW, 0.5), "too_short", "ends_at"),
    "too long": (slot(TOMORROW - 4 * HOUR, 9), "too_long", "ends_at"),
    "centuries": ({"ends_at": "2999-12-01T00:00:00Z"}, "too_long", "ends_at"),
    "in a closure": (slot(TOMORROW + 48 * HOUR, 2), "in_closure", "starts_at"),
    "no offset": ({"starts_at": "2026-03-03T09:00:00"}, "invalid", "starts_at"),
    "no such day": ({"starts_at": "2026-02-30T09:00:00Z"}, "invalid", "starts_at"),
    "unknown instrument": ({"instrument": "none"}, "unknown_instrument", "instrument"),
    "retired instrument": ({"instrument": "retired"}, "instrument_not_in_service", "instrument"),
    "wrong type": ({"purpose": 7}, "invalid", "purpose"),
    "no list": ({"samples": "ten"}, "invalid", "samples"),
    "half a surrogate": ({"purpose": "\ud800"}, "invalid", "purpose"),
    "half a surrogate for a choice": ({"access_mode": "\ud800"}, "invalid", "access_mode"),
    "half a surrogate for a name": ({"\ud800": 1}, "invalid", "\ud800"),
    "NUL deep inside": ({"samples": [{"name": "Film", "\0": ""}]}, "invalid", "samples"),
    "the last second of all": ({"ends_at": "9999-12-31T23:59:59Z"}, "invalid", "ends_at"),
    "the first second of all": ({"starts_at": "0001-01-01T00:00:00Z"}, "invalid", "starts_at"),
    "unknown mode": ({"access_mode": "teleport"}, "invalid", "access_mode"),
    "a mode that is not offered": ({"access_mode": "data"}, "invalid", "access_mode"),
    "a mass assignment": ({"state": "confirmed"}, "invalid", "state"),
}


@pytest.mark.parametrize("language", LETTERS)
def test_a_request_that_cannot_be(client, session, scene, unchanged, language):
    headers = {"Authorization": f"Bearer {_token(session, scene)}", "Accept-Language": language}
    unchanged_since_token = _recount(session)
    for what, (change, code, field) in BOOKINGS.items():
        body = json.dumps(_wanted(scene) | change)  # says half a surrogate, as JSON may
        answer = client.post(
            "/api/v1/bookings", data=body, content_type="application/json", headers=headers
        )
        assert (answer.status_code, answer.json["code"]) == (422, code), what
        assert re.search(LETTERS[language], answer.json["errors"][field]), what
        assert re.search(LETTERS[language], answer.json["detail"]), what
    assert _recount(session) == unchanged_since_token


#: A body, its content type, and the status and code of the answer.
BODIES: dict[str, tuple[bytes, str, int, str]] = {
    "broken JSON": (b"{", "application/json", 400, "malformed"),
    "wrong content type": (b"a=b", "text/plain", 415, "unsupported_media_type"),
    "10 MB": (b'{"purpose": "' + b"a" * 10_000_000 + b'"}', "application/json", 413, "too_large"),
    "empty": (b"{}", "application/json", 422, "invalid"),
}


@pytest.mark.parametrize("language", LETTERS)
def test_a_body_that_cannot_be(client, session, scene, language):
    headers = {"Authorization": f"Bearer {_token(session, scene)}", "Accept-Language": language}
    unchanged_since_token = _recount(session)
    for what, (body, kind, status, code) in BODIES.items():
        answer = client.post("/api/v1/bookings", data=body, content_type=kind, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (status, code), what
        assert re.search(LETTERS[language], answer.json["detail"]), what
    assert _recount(session) == unchanged_since_token


@pytest.mark.parametrize("language", LETTERS)
def test_an_expired_token(client, session, scene, language):
    headers = {"Authorization": f"Bearer {_token(session, scene)}", "Accept-Language": language}
    with time_machine.travel(AT + TOKEN_LIFE + HOUR, tick=False):
        answer = client.post("/api/v1/bookings", json=_wanted(scene), headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "not_authenticated")
    assert re.search(LETTERS[language], answer.json["detail"])


PROFILES = (
    ("orcid", "0000-0002-1825-0098"),
    ("time_zone", "Mars/Olympus"),
    ("display_name", "Amina\r\nBcc: all@example.org"),
    ("email", "not an address"),
)


@pytest.mark.parametrize("language", LETTERS)
def test_a_profile_that_cannot_be(client, session, unchanged, language):
    for field, value in PROFILES:
        form = {
            "display_name": "Amina", "email": "a@example.org", "password": "correct horse battery",
            "language": language, "time_zone": "Asia/Almaty",
        } | {field: value}  # fmt: skip
        answer = client.post(f"/sign-up?lang={language}", data=form)
        assert answer.status_code == 422, value
        summary = re.search(r'href="#field-' + field + r'">([^<]+)<', answer.text)
        assert summary is not None, value
        assert re.search(LETTERS[language], summary[1]), value
    unchanged()


INSTITUTIONS = (
    ("ror", "https://ror.org/03cve4548"),
    ("ror", "https://example.org/03cve4549"),
    ("country", "XX"),
    ("time_zone", "Asia/Nowhere"),
    ("website", "javascript:alert(1)"),
    ("website", "http://["),
    ("mail_domains", "gmail.com"),
    ("mail_domains", "no domain"),
    ("name_0", "A\r\nname"),
    ("name_0", ""),
    ("reason", ""),
)


@pytest.mark.parametrize("language", LETTERS)
def test_an_institution_that_cannot_be(client, session, scene, language):
    sign_in(client, scene.applicant)
    before = _recount(session)
    for field, value in INSTITUTIONS:
        typed = {
            "name_0": "University of the Steppe", "country": "KZ", "time_zone": "Asia/Almaty",
            "website": "https://www.steppe.example/", "mail_domains": "steppe.example",
            "reason": "An unmistakable reason", field: value,
        }  # fmt: skip
        answer = client.post(f"/join/institution?lang={language}", data=typed)
        assert answer.status_code == 422, (field, value)
        (sentence,) = re.findall(rf'href="#field-{field}">([^<]+)<', answer.text)
        assert re.search(LETTERS[language], sentence), sentence
        for name, kept in typed.items():
            if name not in (field, "country", "time_zone"):
                assert kept in answer.text, f"{name} is not lost"
    assert _recount(session) == before


@pytest.mark.parametrize("language", LETTERS)
def test_a_form_without_its_token(app, client, session, scene, unchanged, language):
    sign_in(client, scene.applicant)
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(f"/instruments/{scene.instrument.slug}/book?lang={language}", data={})
    assert answer.status_code == 400
    assert re.search(LETTERS[language], answer.text)
    unchanged()


def test_nul_leads_nowhere(client, session, scene, unchanged):
    """PostgreSQL stores none: whatever looked for a text with it would fail."""
    sign_in(client, scene.applicant)
    for path in ("/facilities/%00", "/bookings/%00", "/static/%00", "/api/v1/instruments/%00"):
        assert client.get(path).status_code == 404, path
    assert list(client.get("/api/v1/instruments?host=%00").json["errors"]) == ["host"]
    assert client.get("/reports?institution=a%00b").status_code == 400
    answer = client.post("/account/data/erase", data={"word": "\0", "password": "\0"})
    assert answer.status_code == 400
    unchanged()


def _token(session, scene) -> str:
    secret, _ = issue_token(scene.applicant, "test", at=AT)
    session.commit()
    return secret


def _recount(session) -> int:
    return sum(session.scalar(select(func.count()).select_from(table(name))) for name in WATCHED)


def _wanted(scene) -> dict[str, Any]:
    return {
        "instrument": scene.instrument.slug, "access_mode": "on_site", "purpose": "Films",
        **slot(TOMORROW, 2),
    }  # fmt: skip
