"""Static files under addresses that carry a version: kept by browsers for a year, asked for again when they change.

The application serves them itself rather than granian's static path, which would leave out the security headers,
the ETag and the compression of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, g, has_request_context, request, url_for

_YEAR = 365 * 24 * 3600
_known: dict[Path, tuple[int, str]] = {}


def init_app(app: Flask) -> None:
    app.url_defaults(_add_version)
    app.after_request(_keep)
    app.jinja_env.globals["url_for"] = _builder_for(app)


def version_of(file: Path) -> str | None:
    """The first 12 hexadecimal digits of the file's SHA-256, None where there is no such file."""
    try:
        changed = file.stat().st_mtime_ns
        known = _known.get(file)
        if known is None or known[0] != changed:
            known = _known[file] = (changed, hashlib.sha256(file.read_bytes()).hexdigest()[:12])
    except OSError:
        return None
    return known[1]


def _builder_for(app: Flask) -> Callable[..., str]:
    """Flask's `url_for`, for templates; the address of a static file is put together at once. Pages draw twenty symbols
    of one.
    """
    folder, path = app.static_folder or "", app.static_url_path or ""
    address_of = _address_of.__wrapped__ if app.debug else _address_of

    def build(endpoint: str, **values: Any) -> str:
        if endpoint == "static" and values.keys() == {"filename"} and has_request_context():
            return request.script_root + address_of(folder, path, values["filename"])
        return url_for(endpoint, **values)

    return build


@lru_cache(maxsize=512)
def _address_of(folder: str, path: str, name: str) -> str:
    """The address of a static file, as it was when a process first told it; who develops is told anew each time."""
    version = version_of(Path(folder, name))
    address = f"{path}/{quote(name)}"
    return f"{address}?v={version}" if version else address


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values and values.get("filename"):
        version = version_of(Path(current_app.static_folder or "", values["filename"]))
        if version:
            values["v"] = version


def _keep(response: Response) -> Response:
    """A year where the address names the version it got; otherwise ask again each time, by ETag."""
    if request.endpoint != "static" or response.status_code not in (200, 206, 304):
        return response
    file = Path(current_app.static_folder or "", (request.view_args or {})["filename"])
    version = version_of(file)
    if version:
        g.static_version = f"{file}:{version}"
    if version and request.args.get("v") == version:
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response
