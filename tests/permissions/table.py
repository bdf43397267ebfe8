"""Who is answered, row by row: read from `table.txt`, so that it can be read by people."""

from __future__ import annotations

import functools
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from .cast import CAST

_TABLE = Path(__file__).parent / "table.txt"
#: Words for the two commonest rows.
_WORDS = {
    "everybody": "".join(CAST),
    "signed in": "".join(letter for letter in CAST if letter != "v"),
    "nobody": "",
}


@functools.cache
def rows() -> dict[str, str]:
    """The letters of `cast.CAST` that are answered, by question."""
    lines = (line for line in _TABLE.read_text().splitlines() if line and line[0] != "#")
    parts = (line.split(" : ") for line in lines)
    return {" ".join(question.split()): _WORDS.get(who, who) for question, who in parts}


def asked(app: Flask) -> list[tuple[str, Rule]]:
    """Every question that can be asked: `GET booking.show` and its rule."""
    return [
        (f"{method} {rule.endpoint}", rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
