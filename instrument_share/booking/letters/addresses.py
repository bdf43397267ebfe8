"""Where anybody checks a letter: the address that stands on it."""

from __future__ import annotations

from flask import current_app


def verify_address() -> str:
    return f"{current_app.config['SETTINGS'].base_url}/letters/verify"
