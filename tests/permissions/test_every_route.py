"""Every address of the site is asked by everybody: who is answered stands in `table.txt`, and nowhere else.

A new route without its row fails, and so does a row whose route is gone. Nothing is stored between two questions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from instrument_share.identity.models import Person
from tests.support.marks import sqlite_only
from tests.support.provider import SOMEBODY_ELSES, remember
from tests.support.scene import make_scene
from tests.support.signing import sign_in

from .cast import CAST, people_of
from .said import said
from .table import rows
from .things import LATER, Things, make_things

pytestmark = sqlite_only

#: What an answer looks like that gives nothing away. Everything else is an answer, if only that a form is incomplete.
REFUSALS = frozenset({401, 403, 404})


#: A number beyond every column, half a surrogate, an instant at the end of time, and a list of nothing.
VALUES: tuple[Any, ...] = (2**63, "\ud800", "9999-12-31T23:59:59Z", [None])
#: Whoever may ask most first, so that few calls end with a refusal.
_ASKED_FIRST = "amipAlosh"


def asked(app: Flask) -> list[tuple[str, Rule]]:
    """Every question that can be asked: `GET booking.show` and its rule."""
    return [
        (f"{method} {rule.endpoint}", rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.fixture
def environ(environ):
    return environ | SOMEBODY_ELSES


@pytest.fixture
def stage(app, session, remembered, monkeypatch) -> Iterator[Things]:
    """The things of the cast, stored; what is asked from then on is forgotten after each answer."""
    remember(app)
    with time_machine.travel(LATER, tick=False):
        things = remembered(_things_of_the_cast)
        session.commit()
        monkeypatch.setattr(Session, "commit", Session.flush)
        monkeypatch.setattr("flask.templating._render", lambda *_: "")  # pages are tested elsewhere
        yield things


def _things_of_the_cast() -> Things:
    scene = make_scene(modes=["on_site", "mail_in", "remote"])
    cast = people_of(scene)
    things = make_things(scene, cast)
    client = current_app.test_client()
    things.cookies = {letter: _cookie_of(client, person) for letter, person in cast.items()}
    return things


def test_every_route_has_its_row_and_every_row_its_route(app):
    assert set(rows()) == {question for question, _ in asked(app)}


@pytest.mark.parametrize("letter", CAST)
def test_who_is_answered(app, client, stage, letter):
    sayings = said(stage)
    expected, found = {}, {}
    for question, rule in asked(app):
        expected[question] = letter in rows().get(question, "")
        found[question] = is_answered(_ask(client, question, rule, letter, stage, sayings))
    wrong = {
        question: found[question] for question in found if found[question] != expected[question]
    }
    assert not wrong, f"{CAST[letter]}: answered where it is True"


def _ask(
    client: FlaskClient,
    question: str,
    rule: Rule,
    letter: str,
    things: Things,
    sayings: dict[str, dict[str, Any]],
) -> TestResponse:
    """Without a look at a row: each would be read anew after every request."""
    method, _, endpoint = question.partition(" ")
    client.delete_cookie("session")
    if letter in things.cookies:
        client.set_cookie("session", things.cookies[letter])
    # A series has the version of its two bookings together.
    headers = {"If-Match": '"2"' if "series" in endpoint else '"1"'}
    form = sayings.get(endpoint, {})
    if rule.rule.startswith("/api/"):
        if letter in things.tokens and method != "GET":
            headers["Authorization"] = f"Bearer {things.tokens[letter]}"
        sent = {"json": form} if method in ("POST", "PUT", "PATCH") else {}
    else:
        sent = {"data": {"version": "1", **form}} if method == "POST" else {}
    return client.open(things.address(rule), method=method, headers=headers, **sent)


def _cookie_of(client, person: Person) -> str:
    sign_in(client, person)
    cookie = client.get_cookie("session")
    assert cookie is not None
    return str(cookie.value)


def is_answered(answer: TestResponse) -> bool:
    assert answer.status_code < 500, answer.request.path
    to_sign_in = answer.status_code == 302 and "/sign-in" in answer.location
    return answer.status_code not in REFUSALS and not to_sign_in


def test_no_call_fails_on_what_it_is_sent(app, client, stage):
    sayings = said(stage)
    described = client.get("/api/v1/openapi.json").json
    failed = []
    for question, rule in asked(app):
        method, _, endpoint = question.partition(" ")
        letter = next((each for each in _ASKED_FIRST if each in rows()[question]), None)
        if method == "GET" or not rule.rule.startswith("/api/") or letter is None:
            continue
        headers = {"Authorization": f"Bearer {stage.tokens[letter]}", "If-Match": '"1"'}
        for sent in _bodies(described, rule.rule, method, sayings.get(endpoint, {})):
            answer = client.open(
                stage.address(rule), method=method, data=json.dumps(sent),
                headers=headers, content_type="application/json",
            )  # fmt: skip
            failed += [(question, sent)] * (answer.status_code >= 500)
    assert not failed


def _bodies(described: Any, rule: str, method: str, base: dict[str, Any]) -> Iterator[Any]:
    """What the call understands with one field made strange, and bodies that are no object."""
    yield from ([], None, {"\ud800": 1})
    path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule)
    content = described["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    fields = schema.get("properties", {})
    base = {name: _likely(fields[name]) for name in schema.get("required", ())} | base
    for name in fields:
        yield from (base | {name: value} for value in VALUES)


def _likely(field: dict[str, Any]) -> Any:
    """A value that a required field takes."""
    if field.get("enum"):
        return field["enum"][0]
    moment = {"date": "2026-04-22", "date-time": "2026-05-11T09:00:00Z"}
    kinds = {"integer": 1, "boolean": False, "array": [], "object": {}}
    return moment.get(field.get("format", "")) or kinds.get(field.get("type", ""), "x@x.example")
