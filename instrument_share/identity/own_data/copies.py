"""Names of a person that were copied into JSON documents: finding and replacing them."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, or_

from .registry import Erasure


def holds_copy(text: ColumnElement[str], erasure: Erasure) -> ColumnElement[bool]:
    """Whether a document, as text, may hold one of the names: written as such, or as ASCII with escapes."""
    written = {
        json.dumps(name, ensure_ascii=escaped)
        for name in erasure.copies
        for escaped in (True, False)
    }
    return or_(*(text.contains(each, autoescape=True) for each in sorted(written)))


def without_copies(value: Any, copies: dict[str, str]) -> Any:
    """The document with every value that is a name replaced. A name within somebody's own words is left in them."""
    if isinstance(value, str):
        return copies.get(value, value)
    if isinstance(value, dict):
        return {name: without_copies(each, copies) for name, each in value.items()}
    if isinstance(value, list):
        return [without_copies(each, copies) for each in value]
    return value
