"""API tokens: shown once, stored as a digest, revocable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from ...foundation.database import db
from ...foundation.errors import NotFound
from ...foundation.identifiers import digest_of, new_secret
from .. import audit
from ..models import ApiToken, Person
from ..turns import take_turn
from ..values import TOKEN_LIFE


def issue_token(
    person: Person, label: str, *, at: datetime, life: timedelta = TOKEN_LIFE
) -> tuple[str, ApiToken]:
    """A new token and its row; the secret is never shown again.

    Raises NotAuthenticated where the person was signed out everywhere while it was asked for.
    """
    take_turn(person)
    secret = new_secret()
    token = ApiToken(
        person_id=person.id,
        label=label,
        digest=digest_of(secret),
        created_at=at,
        expires_at=at + life,
    )
    db.session.add(token)
    db.session.flush()
    audit.record("token.issue", "token", token.id, by=person.id, at=at)
    return secret, token


def revoke_token(token_id: int, *, by: Person, at: datetime) -> None:
    """End one of one's own tokens. Raises NotFound."""
    token = db.session.get(ApiToken, token_id)
    if token is None or token.person_id != by.id:
        raise NotFound()
    if token.revoked_at is None:
        token.revoked_at = at
        audit.record("token.revoke", "token", token.id, by=by.id, at=at)
    db.session.flush()


def revoke_token_by_secret(secret: str, *, by: Person, at: datetime) -> None:
    """End the token that a caller used. Raises NotFound for one that is not theirs."""
    token_id = db.session.scalar(select(ApiToken.id).where(ApiToken.digest == digest_of(secret)))
    if token_id is None:
        raise NotFound()
    revoke_token(token_id, by=by, at=at)


def tokens_of(person: Person, at: datetime) -> Sequence[ApiToken]:
    """The person's tokens that still open something, the newest first."""
    return db.session.scalars(
        select(ApiToken)
        .where(
            ApiToken.person_id == person.id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > at,
        )
        .order_by(ApiToken.id.desc())
    ).all()
