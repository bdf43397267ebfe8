"""Attempts that mix up what belongs to different people, places and things, refused and logged.

An address whose parts do not belong together, a form that says more than is asked, a key of one room in another.
"""

from __future__ import annotations

from typing import Any

import structlog

from tests.support.marks import sqlite_only

from .things import Things

pytestmark = sqlite_only

#: What the applicant asked for.
_PURPOSE = "Cross-sections of thin films"
_OF_A_HOST = {"do": "activate", "revision": "0", "hold_days": "9", "step-1-role": "operator"}

#: Who (a letter of the cast), the question, what is sent, and the answer. Names in braces are things of `_places`.
ATTEMPTS: tuple[tuple[str, str, dict[str, Any], int], ...] = (
    # a letter, a sample, an occurrence, a file of one booking by the address of another, one's own
    ("a", "GET /bookings/{booking}/letters/{letter}.pdf", {}, 404),
    ("a", "GET /api/v1/bookings/{booking}/letters/{letter}.pdf", {}, 404),
    ("i", "POST /bookings/{booking}/letters/{letter}/revoke", {"reason": "x"}, 404),
    ("a", "POST /bookings/{booking}/samples/{sample}/describe", {"kind": "x"}, 404),
    ("a", "POST /bookings/{booking}/samples/labels.pdf", {}, 404),
    ("a", "POST /series/{series}/cancel", {"version": "2", "scope": "one", "from": "{booking}"}, 404),
    ("a", "GET /bookings/{booking}/messages/1/files/{evidence}", {}, 404),
    # a key of one room in another
    ("a", "GET /screening/evidence/{document}", {}, 404),
    ("l", "GET /agreements/{agreement}/documents/{evidence}", {}, 404),
    ("v", "GET /letters/verify?code={letter}", {}, 404),
    ("v", "GET /api/v1/letters/verify?code=%25", {}, 404),
    # what is scanned at an instrument, or on a sample, by a stranger
    ("X", "GET /samples/{code}", {}, 404),
    ("X", "POST /at/{slug}/start", {"reference": "{booking}", "version": "1"}, 404),
    ("a", "POST /at/nowhere/start", {"reference": "{booking}", "version": "1"}, 404),
    ("M", "POST /at/{slug}/faults/{fault}/settle", {}, 404),
    ("a", "POST /bookings/{mailed}/samples/{sample}/steps/receive", {}, 404),
    # calls and screenings
    ("a", "POST /reviews/{proposal}", {"version": "0", "do": "draft"}, 404),
    ("X", "POST /reviews/{proposal}/conflict", {"words": "A friend."}, 404),
    ("M", "POST /manage/calls/{call}/publish", {"sure": "1", "mark": "x"}, 404),
    ("c", "POST /proposals/{proposal}/leave", {}, 404),
    ("a", "POST /api/v1/calls/{call}/proposals", {"title": "x", "granted_minutes": 600}, 422),
    ("a", "POST /api/v1/screenings/{screening}/actions/approve", {}, 404),
    ("S", "GET /api/v1/screenings/evidence/{evidence}", {}, 404),
    # lists of people, policies, and what the address asks for besides
    ("L", "POST /manage/people/list", {"institution": "{home}", "text": "email\nx@x.example"}, 404),
    ("L", "POST /manage/people/list/confirm", {"institution": "{home}", "text": "email\nx@x.example"}, 404),
    ("m", "POST /manage/policies/institution/{host}/draft", _OF_A_HOST, 404),
    ("M", "POST /manage/policies/instrument/{slug}/draft", {"do": "try", "revision": "0"}, 404),
    ("M", "GET /manage/roles?place=instrument:{slug}", {}, 404),
    ("X", "GET /api/v1/reports/contribution?institution={home}", {}, 403),
    # ways in
    ("v", "GET /api/v1/account?access_token={token}", {}, 401),
    ("X", "POST /account/sign-in-ways/{identity}/unlink", {}, 404),
    ("X", "POST /account/sign-in-ways/waiting", {}, 410),
    ("v", "GET /calendars/queue/x.ics", {}, 404),
)  # fmt: skip


def test_what_does_not_belong_together_is_refused(client, stage):
    places, failed = _places(stage), []
    for letter, question, sent, status in ATTEMPTS:
        with structlog.testing.capture_logs() as logs:
            answer = _ask(client, stage, letter, question, sent, places)
        noted = [each["status"] for each in logs if each["event"] == "request"]
        if (answer.status_code, noted) != (status, [status]) or _PURPOSE in answer.text:
            failed.append((letter, question, answer.status_code, noted))
    assert not failed


def test_whoever_views_as_somebody_does_nothing_and_learns_no_secret_of_theirs(client, stage):
    client.set_cookie("session", stage.cookies["a"])
    secret = client.get("/api/v1/account").json["calendar_url"]
    client.set_cookie("session", stage.cookies["A"])
    person = stage.values["person_id"]
    assert client.post(f"/manage/people/{person}/view-as").status_code == 302
    assert client.get(f"/bookings/{stage.values['reference']}").status_code == 200
    for path in ("/api/v1/account", "/calendars", "/account", "/account/second-factor"):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert secret not in answer.text
    path = f"/bookings/{stage.values['reference']}/messages"
    assert client.post(path, data={"text": "In somebody's name"}).status_code == 403


def _places(things: Things) -> dict[str, Any]:
    rooms, values = things.by_room, things.values
    return {
        "booking": values["reference"], "slug": values["slug"], "host": values["host"],
        "letter": rooms["letters"]["number"], "sample": rooms["samples"]["sample_id"],
        "code": rooms["samples"]["code"], "mailed": rooms["samples"]["reference"],
        "series": rooms["series"]["reference"], "evidence": rooms["screening.evidence"]["key"],
        "document": rooms["agreement_documents"]["key"], "call": rooms["calls"]["reference"],
        "agreement": rooms["agreements"]["reference"], "fault": values["fault_id"],
        "proposal": rooms["proposals"]["reference"], "screening": values["screening_id"],
        "identity": values["identity_id"], "token": things.tokens["a"], "home": values["home"],
    }  # fmt: skip


def _ask(client, things: Things, letter: str, question: str, sent: dict[str, Any], places):
    method, _, path = question.format(**places).partition(" ")
    client.delete_cookie("session")
    said = {k: it.format(**places) if isinstance(it, str) else it for k, it in sent.items()}
    if path.startswith("/api/"):
        head = {"If-Match": '"1"'}
        if letter in things.tokens:
            head["Authorization"] = f"Bearer {things.tokens[letter]}"
        return client.open(
            path, method=method, json=said if method != "GET" else None, headers=head
        )
    if letter in things.cookies:
        client.set_cookie("session", things.cookies[letter])
    return client.open(path, method=method, data=said if method != "GET" else None)
