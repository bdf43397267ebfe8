"""Every address of the site is asked by everybody: who is answered stands in `table.txt`, and nowhere else.

A new route without its row fails, and so does a row whose route is gone. Nothing is stored between two questions.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.support.marks import sqlite_only

from .cast import CAST
from .said import said
from .table import asked, rows
from .things import Things

pytestmark = sqlite_only

#: What an answer looks like that gives nothing away. Everything else is an answer, if only that a form is incomplete.
REFUSALS = frozenset({401, 403, 404})


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


def is_answered(answer: TestResponse) -> bool:
    assert answer.status_code < 500, answer.request.path
    to_sign_in = answer.status_code == 302 and "/sign-in" in answer.location
    return answer.status_code not in REFUSALS and not to_sign_in
