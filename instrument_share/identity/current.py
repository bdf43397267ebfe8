"""Who is asking: flask-login's loaders and the two questions that faces ask."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

from flask import Flask, Request, request
from flask_login import LoginManager, current_user
from sqlalchemy import and_, bindparam, select
from werkzeug.exceptions import HTTPException

from ..foundation.clock import now
from ..foundation.errors import NotAuthenticated
from ..foundation.identifiers import digest_of
from .acting import person_who_acts
from .models import ApiToken, Person
from .sessions import cookie
from .sessions.services import IS_SIGNED_IN

login = LoginManager()
_READING = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    login.init_app(app)
    cookie.init_app(app)


def require_person() -> Person:
    """The person who signed in. Raises NotAuthenticated."""
    if not current_user.is_authenticated:
        raise NotAuthenticated()
    return cast(Person, current_user._get_current_object())


def person_or_none() -> Person | None:
    """The person who signed in, or None for a visitor."""
    return require_person() if current_user.is_authenticated else None


@login.user_loader
def _from_session(session_id: str) -> Person | None:
    """By session cookie; never for writing through the API, which takes bearer tokens only (no CSRF there)."""
    if request.path.startswith("/api/") and request.method not in _READING:
        return None
    if not session_id.isdigit():
        return None
    _hear_all()
    return person_who_acts(_BY_SESSION, id=int(session_id), **cookie.parameters(now()))


@login.request_loader
def _from_token(asked: Request) -> Person | None:
    """By `Authorization: Bearer` (RFC 6750), on the API only."""
    kind, _, secret = asked.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not asked.path.startswith("/api/"):
        return None
    _hear_all()
    return person_who_acts(_BY_TOKEN, digest=digest_of(secret.strip()), at=now())


def _hear_all() -> None:
    """Read the request to its end before looking who sends it.

    Else somebody who was about to be signed out could begin one, keep its last byte back for as long as they like, and
    still be known when it comes. What is wrong with a body is told by whoever needs it.
    """
    if request.method not in _READING:
        with suppress(HTTPException):
            request.get_data(parse_form_data=True)


_BY_SESSION = and_(Person.id == bindparam("id"), IS_SIGNED_IN)
_BY_TOKEN = and_(
    Person.id.in_(
        select(ApiToken.person_id).where(
            ApiToken.digest == bindparam("digest"),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > bindparam("at"),
        )
    ),
    Person.suspended_at.is_(None),
)
