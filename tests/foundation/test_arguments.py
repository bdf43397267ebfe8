"""What calls of the API are refused before any room sees them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel
from marshmallow import fields
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from instrument_share.foundation.errors import InvalidInput
from instrument_share.foundation.http.arguments import HouseParser
from instrument_share.foundation.http.schema import BaseSchema, Text

APP = Flask(__name__)
Babel(APP)


class Sample(BaseSchema):
    name = Text(required=True)
    count = fields.Integer()


class Note(BaseSchema):
    comment = Text(load_default="")


def parsed(body, schema=Sample, content_type="application/json"):
    with APP.test_request_context("/", method="POST", data=body, content_type=content_type):
        return HouseParser().parse(schema(), location="json")


def queried(query):
    with APP.test_request_context(f"/?{query}"):
        return HouseParser().parse(Sample(), location="query")


def test_a_body_becomes_typed_values() -> None:
    assert parsed('{"name": " TEM ", "count": "3"}') == {"name": "TEM", "count": 3}
    assert parsed('{"name": "x"}', content_type="application/merge-patch+json") == {"name": "x"}


def test_a_body_may_be_left_out_where_nothing_is_required() -> None:
    assert parsed("", Note, content_type=None) == {"comment": ""}
    with pytest.raises(InvalidInput) as refused:
        parsed("")
    assert list(refused.value.fields) == ["name"]


@pytest.mark.parametrize(
    "body",
    ["{", "nonsense", '{"name": NaN}', '{"count": -Infinity}', b"\xff\xfe", "[" * 100_000],
    ids=["open", "word", "nan", "infinity", "bytes", "deep"],
)
def test_what_is_no_json_is_malformed(body) -> None:
    with pytest.raises(BadRequest):
        parsed(body)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_another_content_type_is_refused(content_type) -> None:
    with pytest.raises(UnsupportedMediaType):
        parsed('{"name": "x"}', content_type=content_type)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("[]", "request"),
        ('"text"', "request"),
        ("null", "request"),
        ('{"name": 3}', "name"),
        ('{"name": null}', "name"),
        ('{"name": "  "}', "name"),
        ('{"name": "a\\u0000b"}', "name"),
        ('{"name": "a\\r\\nb"}', "name"),
        ('{"name": "a\\ud800b"}', "name"),
        ('{"name": "x", "count": "many"}', "count"),
        ('{"name": "x", "colour": "red"}', "colour"),
    ],
)
def test_wrong_values_are_named(body, field) -> None:
    with pytest.raises(InvalidInput) as refused:
        parsed(body)
    assert list(refused.value.fields) == [field]


def test_a_query_ignores_what_nobody_knows() -> None:
    assert queried("name=tem&utm_source=mail") == {"name": "tem"}
