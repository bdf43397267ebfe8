"""Every address of the site is sent what nobody should send."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, templating
from flask.testing import FlaskClient
from marshmallow import Schema
from werkzeug.datastructures import ImmutableMultiDict

from instrument_share.foundation.errors import StaleVersion
from instrument_share.foundation.http import conditional
from tests.support.marks import sqlite_only

from .said import said
from .table import asked, rows

pytestmark = sqlite_only

#: How pages are made; the stage makes none.
_RENDER = templating._render
#: A number beyond every column, half a surrogate, an instant at the end of time, and a list of nothing.
VALUES: tuple[Any, ...] = (2**63, "\ud800", "9999-12-31T23:59:59Z", [None])
#: Whoever may ask most first, so that few calls end with a refusal.
_ASKED_FIRST = "amipAlosh"


def test_no_call_fails_on_what_it_is_sent(app, client, stage):
    sayings = said(stage)
    described = client.get("/api/v1/openapi.json").json
    failed = []
    for question, rule in asked(app):
        method, _, endpoint = question.partition(" ")
        letter = _able(question)
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


def _able(question: str) -> str | None:
    """Somebody who is answered."""
    return next((each for each in _ASKED_FIRST if each in rows()[question]), None)


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


#: As they stand in an address: beyond every column, the end of time on a clock behind us, and half a surrogate and no
#: UTF-8 in a text without end, with the argument there twice. Each argument is that once.
_ASKED_BADLY = ("9" * 30, "9999-12-31T23:59:59-23:59", "%ED%A0%80%FF" + "x" * 5000 + "&{name}=1")
#: Before every page, no number, the last day, NUL: all arguments are that at once.
_ALL_BADLY = ("-1", "nan", "9999-12-31", "%00")
#: What every page looks at.
_EVERYWHERE = {"lang", "v"}


def test_no_address_fails_on_what_is_asked(app, client, stage, monkeypatch):
    """Arguments are those that are looked for while it is answered: no list of them has to be kept."""
    failed, tried, looked_for = [], 0, _watching(app, monkeypatch)
    for question, rule in asked(app):
        letter = _able(question) or ("v" if "v" in rows()[question] else None)
        if not question.startswith("GET") or letter is None:
            continue
        client.delete_cookie("session")
        if letter in stage.cookies:
            client.set_cookie("session", stage.cookies[letter])
        path, known = stage.address(rule), set(_EVERYWHERE)
        looked_for.clear()
        client.get(path)
        while names := looked_for - known:
            known |= names
            for asking in _badly({quote(name) for name in names}):
                failed += [(path, asking)] * (client.get(f"{path}?{asking}").status_code >= 500)
        tried += len(known - _EVERYWHERE)
    assert not failed
    assert tried > 150  # arguments were found


def _badly(names: Collection[str]) -> Iterator[str]:
    """What follows the question mark."""
    for name, value in product(names, _ASKED_BADLY):
        yield f"{name}={value.format(name=name)}"
    for value in _ALL_BADLY:
        yield "&".join(f"{name}={value}" for name in names)


def _watching(app: Flask, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of arguments that views look for, and of fields of the schemas that they use, from now on."""
    looked_for: set[str] = set()
    own = Schema.load

    def load(schema, *given, **named):
        looked_for.update(each.data_key or name for name, each in schema.load_fields.items())
        return own(schema, *given, **named)

    class Arguments(ImmutableMultiDict):
        def __getitem__(self, name):
            looked_for.add(name)
            return super().__getitem__(name)

        def getlist(self, name, *more, **how):
            looked_for.add(name)
            return super().getlist(name, *more, **how)

    monkeypatch.setattr(app.request_class, "parameter_storage_class", Arguments)
    monkeypatch.setattr(Schema, "load", load)
    return looked_for


#: Pages' forms that say unseen for which version of what they show they were filled in.
_VERSIONED = {
    "agreements.change", "agreements.move", "applications.decide", "at_instrument.act",
    "booking.act", "booking.reply", "calls.manage_change",
    "catalogue.change_opening", "catalogue.change_slot_rules", "catalogue.change_status",
    "catalogue.change_texts", "catalogue.name_positions", "decisions.plan", "decisions.publish",
    "policies.edit", "projects.change", "proposals.change", "screening.checklist",
    "screening.decide", "series.act",
}  # fmt: skip
#: What must be said besides.
_SAID_ALSO = {"decisions.publish": {"sure": "1"}}
#: Of these, those that are understood only when all is filled in, as it is when their page is opened.
_WHOLE = {"agreements.change", "projects.change", "proposals.change", "screening.checklist"}


def test_a_form_without_its_version_is_bad_input(app, client, stage, monkeypatch):
    """The same in every room: 422 and nothing is done, never as if somebody else had been quicker (409)."""
    sayings, told, answers = said(stage), [], {}
    monkeypatch.setattr(conditional, "_unseen", _noting(conditional._unseen, told))
    monkeypatch.setattr(StaleVersion, "__init__", _noting(StaleVersion.__init__, told))
    for question, rule in asked(app):
        endpoint, letter = question.removeprefix("POST "), _able(question)
        if " " in endpoint or rule.rule.startswith("/api/") or letter is None:
            continue
        client.set_cookie("session", stage.cookies[letter])
        form = _opened(client, stage.address(rule)) if endpoint in _WHOLE else {}
        form |= sayings.get(endpoint, {}) | _SAID_ALSO.get(endpoint, {})
        form.pop("version", None)
        told.clear()
        answer = client.post(stage.address(rule), data=form)
        if told:
            answers[endpoint] = answer.status_code
    assert answers == dict.fromkeys(_VERSIONED, 422)


def _noting(own, told):
    """The same, and a note in `told` of each time that it was called."""

    def noted(*given, **named):
        told.append(own)
        return own(*given, **named)

    return noted


def _opened(client: FlaskClient, path: str) -> dict[str, str]:
    """What the form of a page says when it is sent as it was opened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flask.templating._render", _RENDER)
        page = client.get(path).text
    reader = _Form()
    reader.feed(page[page.index("<main") :])
    return reader.fields


class _Form(HTMLParser):
    """Reads the fields of all forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "input" and (
            given.get("type") not in ("checkbox", "radio") or "checked" in given
        ):
            self.fields[name] = value
        elif tag in ("textarea", "select"):
            self._open, self.fields[name] = name, ""
        elif (
            tag == "option" and self._open and ("selected" in given or not self.fields[self._open])
        ):
            self.fields[self._open] = value

    def handle_data(self, text: str) -> None:
        if self._open and self.lasttag == "textarea":
            self.fields[self._open] += text

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select"):
            self._open = None
