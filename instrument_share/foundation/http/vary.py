"""On which headers of a request its answer depends (RFC 9110 section 12.5.5)."""

from __future__ import annotations

from flask import Response


def vary_on(response: Response, *names: str) -> None:
    """Add names to `Vary`. werkzeug's set reads and writes the header anew for each of them."""
    said = response.headers.get("Vary", "")
    known = {name.strip().lower() for name in said.split(",")}
    new = [name for name in names if name.lower() not in known]
    if new:
        response.headers["Vary"] = ", ".join([said, *new] if said else new)
