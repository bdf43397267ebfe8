"""Rate limits, shared through Redis where REDIS_URL is set. `RATE_LIMITS=off` for measurements."""

from __future__ import annotations

from flask import Flask

from ..foundation.http.limits import limiter


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config["RATELIMIT_ENABLED"] = settings.rate_limits
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    limiter.init_app(app)
