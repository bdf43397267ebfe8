"""The address of an invitation. It is signed, never stored, and goes to the invited mailbox alone."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer


def path_of(invitation_id: int, email: str) -> str:
    """The path of the page on which the invitation is accepted."""
    return f"/join/invitation/{_links().dumps([invitation_id, email])}"


def read(secret: str) -> tuple[int, str] | None:
    """Id and mail address of the invitation, or None where the address was not made here."""
    try:
        invitation_id, email = _links().loads(secret)
    except (BadData, ValueError, TypeError):
        return None
    return invitation_id, email


def _links() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="invitation")
