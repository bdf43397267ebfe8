"""Structured logs and a request id in each line, in the answer's `X-Request-ID` and in the audit trail."""

from __future__ import annotations

import logging
import os
import re
import time

import structlog
from flask import Flask, Response, g, request
from sqlalchemy import inspect

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,40}")
#: Names of places in addresses that hold what opens something: they are never logged.
_SECRET = frozenset({"secret", "token", "code"})
log = structlog.get_logger("instrument_share")


def init_app(app: Flask) -> None:
    _configure(app.config["SETTINGS"].log_format)
    app.before_request(_begin)
    app.after_request(_end)


def _configure(log_format: str) -> None:
    renderer = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks
            if log_format == "json"
            else structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )


def begin(given: str) -> str:
    """The id of a request, which each line carries from now on: the one it was given, where that looks like one."""
    request_id = given if _ACCEPTED.fullmatch(given) else os.urandom(16).hex()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


def tell(method: str, path: str, status: int, person: int | None, began: float) -> None:
    """The line of a request that is answered; `began` by the clock that is never put back."""
    took = round((time.monotonic() - began) * 1000, 1)
    log.info("request", method=method, path=path, status=status, person=person, ms=took)


def _begin() -> None:
    g.began = time.monotonic()
    g.request_id = begin(request.headers.get("X-Request-ID", ""))


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if request.endpoint not in ("static", "health.live", "health.ready"):
        tell(
            request.environ["REQUEST_METHOD"],
            _safe(request.path),
            response.status_code,
            _who_asked(),
            g.get("began", time.monotonic()),
        )
    return response


def _who_asked() -> int | None:
    """The id of whoever is signed in, where the request came to know it; whoever views the site as somebody else.

    By the row's key, for which nothing is read again after a rollback.
    """
    row = inspect(g.get("viewed_by") or g.get("_login_user"), raiseerr=False)
    return row.identity[0] if row and row.identity else None


def _safe(path: str) -> str:
    """The path without the secrets that some addresses carry."""
    for name, value in (request.view_args or {}).items():
        if name in _SECRET:
            path = path.replace(str(value), "…")
    return path
