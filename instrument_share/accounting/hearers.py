"""What accounting writes when something happens on the floors below."""

from __future__ import annotations


def connect() -> None:
    """Listen."""
