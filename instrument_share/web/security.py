"""Headers and CSRF: what every answer carries and every form must bring."""

from __future__ import annotations

from functools import cache, lru_cache

from flask import Flask, Request, Response, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import ResponseCacheControl
from werkzeug.http import parse_cache_control_header

from ..foundation.http.vary import vary_on

csrf = CSRFProtect()

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src {style}; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Sessions(SecureCookieSessionInterface):
    """Flask's, which makes a verifier for every request, also for one that brings no cookie to verify. Here an
    application has one: its keys stay as long as its process.
    """

    def __init__(self) -> None:
        self._verifier: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        self._verifier = self._verifier or super().get_signing_serializer(app)
        return self._verifier

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
    csrf.init_app(app)
    app.after_request(_protect)


def allow_inline_styles() -> None:
    """For the one page whose vendored library writes `style` attributes (the API's description)."""
    g.style_source = "'self' 'unsafe-inline'"


def _protect(response: Response) -> Response:
    given = {name.lower() for name, _ in response.headers}
    is_https = current_app.config["SETTINGS"].is_https  # a proxy takes the encryption off
    missing = standing_headers(g.get("style_source", "'self'"), is_https)
    response.headers.extend([each for each in missing if each[0].lower() not in given])
    if request.endpoint == "static":
        return response
    if "cache-control" not in given:
        response.headers["Cache-Control"] = "private, no-store"
    if _is_public(
        response.headers["Cache-Control"]
    ):  # the same for everybody who reads this language
        vary_on(response, "Accept-Language")
    else:
        vary_on(response, "Cookie", "Accept-Language")
    return response


@lru_cache(maxsize=64)
def _is_public(cache_control: str) -> bool:
    return bool(parse_cache_control_header(cache_control, cls=ResponseCacheControl).public)


@cache
def standing_headers(style: str, is_https: bool) -> tuple[tuple[str, str], ...]:
    """What an answer carries unless it says otherwise itself; `style` is one of the two sources above."""
    policy = {"Content-Security-Policy": _POLICY.format(style=style)}
    transport = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
    return tuple((_HEADERS | policy | (transport if is_https else {})).items())
