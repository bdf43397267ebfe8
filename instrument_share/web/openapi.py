"""The JSON API's description: OpenAPI 3.1 from the schemas, shown at /api/docs from vendored files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, render_template
from flask_smorest import Api

from .security import allow_inline_styles

blueprint = Blueprint("api_docs", __name__)


class HouseApi(Api):
    """flask-smorest without its own error pages: ours tell errors in one place (web/errors.py)."""

    def _register_error_handlers(self, *_: Any, **__: Any) -> None:
        return


def init_app(app: Flask) -> Api:
    app.config |= {
        "API_TITLE": "instrument_share",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    app.register_blueprint(blueprint)
    security = {"type": "http", "scheme": "bearer"}
    return HouseApi(
        app,
        spec_kwargs={
            "components": {"securitySchemes": {"bearer": security}},
            "security": [{"bearer": []}],
        },
    )


@blueprint.get("/api/docs")
def show() -> str:
    allow_inline_styles()
    return render_template("api_docs.html")
