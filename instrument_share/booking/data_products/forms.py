"""What is said of data on the booking's page."""

from __future__ import annotations

from typing import Any

from marshmallow import post_load

from ...foundation.http.schema import FormSchema, Text
from .services import Product


class ProductForm(FormSchema):
    description = Text(required=True, most=4000, lines=True)
    licence = Text(required=True, most=40)
    doi = Text(load_default="")

    @post_load
    def _product(self, data: dict[str, Any], **_: Any) -> Product:
        return Product(**data)
