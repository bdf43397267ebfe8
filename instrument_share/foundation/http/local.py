"""Addresses that lead to pages of this site and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_address(target: str | None) -> str | None:
    """The address, when it is a page of this site; an open redirect would lend its name to others."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
