"""Who is asking: flask-login's loaders and the two questions that faces ask."""

from __future__ import annotations

from typing import cast

from flask import Flask, Request, request
from flask_login import LoginManager, current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..foundation.clock import now
from ..foundation.database import db
from ..foundation.errors import NotAuthenticated
from ..foundation.identifiers import digest_of
from .models import ApiToken, Person

login = LoginManager()


def init_app(app: Flask) -> None:
    login.init_app(app)


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
    if request.path.startswith("/api/") and request.method not in ("GET", "HEAD", "OPTIONS"):
        return None
    key, _, serial = session_id.partition(":")
    person = (
        db.session.get(Person, int(key), options=[joinedload(Person.institution)])
        if key.isdigit()
        else None
    )
    fresh = person is not None and str(person.session_serial) == serial and person.is_active
    return person if fresh else None


@login.request_loader
def _from_token(asked: Request) -> Person | None:
    """By `Authorization: Bearer` (RFC 6750), on the API only."""
    kind, _, secret = asked.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not asked.path.startswith("/api/"):
        return None
    moment = now()
    return db.session.scalar(
        select(Person)
        .join(ApiToken, ApiToken.person_id == Person.id)
        .options(joinedload(Person.institution))
        .where(
            ApiToken.digest == digest_of(secret.strip()),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > moment,
            Person.suspended_at.is_(None),
        )
    )
