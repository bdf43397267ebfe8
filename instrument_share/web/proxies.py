"""Whose address a request comes from, where proxies stand before the server."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Believe `X-Forwarded-For` as far as the proxies that the operator counted wrote it, and nothing else of theirs:
    links are made from BASE_URL.
    """
    count = app.config["SETTINGS"].proxies
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=0, x_host=0, x_port=0, x_prefix=0
        )
