"""Pages of a list: `{"items": […], "total": n, "page": 1, "page_size": 50}`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request
from flask_babel import lazy_gettext
from marshmallow import validate

from .schema import BaseSchema, WholeNumber

Row = TypeVar("Row")
LARGEST = 200


class PageQuery(BaseSchema):
    """`page` from 1 and `page_size` up to 200."""

    page = WholeNumber(
        load_default=1,
        validate=validate.Range(
            min=1, max=100_000, error=lazy_gettext("Pages are numbered from 1.")
        ),
    )
    page_size = WholeNumber(
        load_default=50,
        validate=validate.Range(
            min=1, max=LARGEST, error=lazy_gettext("A page holds from 1 to 200 rows.")
        ),
    )


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows out of `total`."""

    items: Sequence[Row]
    total: int
    page: int = 1
    page_size: int = 50

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.page_size))

    def envelope(self, items: Sequence[Any]) -> dict[str, Any]:
        """The JSON of this page with `items` in place of its rows."""
        return {
            "items": list(items),
            "total": self.total,
            "page": self.page,
            "page_size": self.page_size,
        }


def links(page: Page[Any]) -> dict[str, Any]:
    """What the paging component shows: the pages beside this one, every other argument of the request kept."""

    def address(number: int) -> str:
        if not 1 <= number <= page.pages:
            return ""
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
        return f"{request.path}?{urlencode([*kept, ('page', number)])}"

    return {
        "previous_url": address(page.page - 1),
        "next_url": address(page.page + 1),
        "number": page.page,
        "count": page.pages,
    }
