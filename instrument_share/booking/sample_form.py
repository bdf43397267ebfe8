"""The rows of samples in a form: flat fields such as `samples-0-name`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import lazy_gettext
from marshmallow import fields, validate

from ..foundation.http.schema import BaseSchema, Text, WholeNumber

_FIELD = re.compile(r"samples-(\d{1,3})-(name|count|hazard|afterwards)")


class SampleForm(BaseSchema):
    """One row of samples."""

    name = Text(required=True)
    count = WholeNumber(
        load_default=1,
        validate=validate.Range(
            min=1, max=10_000, error=lazy_gettext("Write a number from 1 to 10,000.")
        ),
    )
    hazard = Text(load_default="")
    afterwards = fields.String(
        load_default="return",
        validate=validate.OneOf(["return", "destroy"], error=lazy_gettext("Choose one.")),
    )


def sample_rows(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of samples in which something was typed, in their order."""
    rows: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        found = _FIELD.fullmatch(name)
        if found and value.strip():
            rows.setdefault(int(found[1]), {})[found[2]] = value
    return [row for _, row in sorted(rows.items()) if row.keys() - {"count", "afterwards"}]
