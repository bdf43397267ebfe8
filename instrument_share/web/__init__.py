"""The shell that makes one site of all rooms: faces mounted, errors told, languages chosen, headers set."""

from __future__ import annotations

from flask import Flask

from ..files import http as files
from ..identity import current, viewing
from ..identity.second_factor import gate
from . import (
    compression,
    errors,
    faces,
    health,
    hearers,
    incoming,
    language,
    limits,
    logs,
    openapi,
    presentation,
    proxies,
    routing,
    security,
    static_files,
    unchanged,
)


def init_app(app: Flask) -> None:
    """Install every part of the shell on a new application."""
    routing.init_app(app)
    unchanged.init_app(app)
    proxies.init_app(app)
    compression.init_app(app)  # answers pass through these in reverse: packed last
    logs.init_app(app)
    files.init_app(app)  # what is widened here is read to its end by whoever looks who sends it
    current.init_app(app)
    viewing.init_app(app)
    gate.init_app(app)
    language.init_app(app)
    security.init_app(app)
    static_files.init_app(app)
    limits.init_app(app)
    incoming.init_app(app)  # looks into forms, once they are known to be small
    presentation.init_app(app)
    health.init_app(app)
    faces.init_app(app, openapi.init_app(app))
    hearers.connect()
    errors.init_app(app)
