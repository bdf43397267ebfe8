"""Addresses that lead to pages of this site and nowhere else."""

from __future__ import annotations


def local_address(target: str | None) -> str | None:
    """The address, when it is a page of this site; an open redirect would lend its name to others.

    Browsers take a backslash for a slash, and leave out tabs and line breaks wherever they stand.
    """
    if not target or not target.startswith("/") or not target.isprintable():
        return None
    return None if target[1:2] in ("/", "\\") else target
