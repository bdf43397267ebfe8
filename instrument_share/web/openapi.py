"""The JSON API's description: OpenAPI 3.1 from the schemas, shown at /api/docs from vendored files."""

from __future__ import annotations

from threading import Lock
from typing import Any

from flask import Blueprint as Pages
from flask import Flask, Response, json, render_template
from flask_smorest import Api, Blueprint

from .security import allow_inline_styles

blueprint = Pages("api_docs", __name__)


class HouseApi(Api):
    """flask-smorest without its own error pages (ours tell errors in one place, web/errors.py), that
    describes the calls when somebody first asks: at the start it would take as long as all the rest.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._mounted: list[Blueprint] = []
        self._description = ""
        self._describing = Lock()
        super().__init__(*args, **kwargs)

    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint, **options)
        self._mounted.append(blueprint)

    def _openapi_json(self) -> Response:
        with self._describing:
            self._description = self._description or self._described()
        return Response(self._description, mimetype="application/json")

    def _described(self) -> str:
        for blueprint in self._mounted:
            blueprint.register_views_in_doc(
                self, self._app, self.spec, name=blueprint.name, parameters=None
            )
            self.spec.tag({"name": blueprint.name, "description": blueprint.description})
        return json.dumps(self.spec.to_dict())

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
