"""The addresses of the site: what `<int:…>` takes, and rules that are made ready only when they are used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, Rule

_Builder = Callable[..., tuple[str, str]]


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: what the databases can count to; anything beyond leads nowhere (404)."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": 2**63 - 1, **kwargs})


class LazyRule(Rule):
    """A rule whose builders of addresses are compiled when the first address is built.

    werkzeug compiles two functions for each rule when it is added. Of the seven hundred a process comes to use a few
    dozen, and the rest takes a twelfth of its start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> _Builder:
        compile_now = super()._compile_builder
        known: list[_Builder] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not known:
                known.append(compile_now(append_unknown))
            return known[0](rule, **values)

        return build


def init_app(app: Flask) -> None:
    app.url_rule_class = LazyRule
    app.url_map.converters["int"] = RowNumber
