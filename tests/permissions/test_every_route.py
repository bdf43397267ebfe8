"""Every address of the site is asked by everybody: who is answered stands in `table.txt`, and nowhere else.

A new route without its row fails, and so does a row whose route is gone. Nothing is stored between two questions.
"""

from __future__ import annotations

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
    headers = {
        "If-Match": '"2"' if "series" in endpoint else '"1"'
    }  # that of two bookings together
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
