"""How often and how much: rate limits, shared through Redis where REDIS_URL is set, and the size of a body.

While Redis does not answer, each process counts alone. `RATE_LIMITS=off` for measurements.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from ..foundation.http.limits import limiter

#: What is still read of a body that is too large, so that its sender comes to hear why it was refused.
_DRAINED = 32 * 1024 * 1024
_CHUNK = 64 * 1024


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config["RATELIMIT_ENABLED"] = settings.rate_limits
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(settings.redis_url)
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    limiter.init_app(app)
    app.before_request(_refuse_large_body)


def _refuse_large_body() -> None:
    """413 before anything else looks at the body (RFC 9110 section 15.5.14)."""
    length = request.content_length or 0
    if length <= current_app.config["MAX_CONTENT_LENGTH"]:
        return
    left = min(length, _DRAINED)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(_CHUNK, left))):
        left -= len(chunk)
    raise RequestEntityTooLarge()
