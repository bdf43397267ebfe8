"""What a call of the JSON API is given: parsed by a schema, documented, and refused in one way.

    @blueprint.get("/instruments")
    @arguments(blueprint, SearchQuery, location="query")
    @blueprint.response(200, SearchPage)
    def search(query): …

Values that do not fit raise InvalidInput (422, one sentence a field); broken JSON is a 400 `malformed`, any other
content type a 415. Query arguments that nobody knows are ignored, unknown JSON fields are refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal, NoReturn, TypeVar, cast

from flask import Request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from ..errors import InvalidInput
from .schema import flat

View = TypeVar("View", bound=Callable[..., Any])


def arguments(
    blueprint: Blueprint,
    schema: type[Schema] | Schema,
    *,
    location: Literal["json", "query"] = "json",
) -> Callable[[View], View]:
    """Parse the request's JSON body or query string and give it to the view as first argument."""
    blueprint.ARGUMENTS_PARSER = _PARSER
    once = schema if isinstance(schema, Schema) else schema()  # of a class, each request made one
    return cast(
        Callable[[View], View],
        blueprint.arguments(once, location=location, error_status_code=422),
    )


class HouseParser(FlaskParser):
    """webargs' parser, with our own refusals. A body may be left out where no field of it is required."""

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return {}
        if not req.is_json:
            raise UnsupportedMediaType()
        try:
            return json.loads(body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise BadRequest() from None

    def handle_error(
        self, error: ValidationError, req: Request, schema: Schema, **_: Any
    ) -> NoReturn:
        (messages,) = cast(Mapping[str, Any], error.messages).values()
        raise InvalidInput(fields=flat(messages)) from None


def _refuse_constant(name: str) -> NoReturn:
    """Python would read NaN and Infinity, which JSON does not have (RFC 8259 section 6)."""
    raise ValueError(name)


_PARSER = HouseParser()
