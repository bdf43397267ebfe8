"""Everything that opens an account besides its password is made void: sessions, tokens and, where that is asked for,
secret addresses. What a thief took along opens nothing from then on.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from ..foundation.database import db
from . import account_links, audit
from .models import ApiToken, Person


def lock_out(
    person: Person, *, by: Person | None, at: datetime, addresses: bool = False
) -> dict[str, int | bool]:
    """Everybody is signed out of the account; how many tokens that ended, and whether addresses, for the audit trail.

    `addresses`: also secret ones, such as that of the private calendar. Not as a matter of course: whoever subscribed
    would wait for news that never comes, and the addresses only read.
    """
    person.session_serial = Person.session_serial + 1  # in the database: two who do so count twice
    ended = _end_tokens(person, by, at)
    if addresses:
        account_links.renew_all(person, at=at)
    db.session.flush()
    return {"tokens": ended, "addresses": addresses}


def _end_tokens(person: Person, by: Person | None, at: datetime) -> int:
    open_ones = (
        ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > at,
    )  # fmt: skip
    ended = db.session.scalars(
        update(ApiToken).where(*open_ones).values(revoked_at=at).returning(ApiToken.id)
    ).all()
    for token_id in sorted(ended):
        audit.record("token.revoke", "token", token_id, by=by.id if by else None, at=at)
    return len(ended)
