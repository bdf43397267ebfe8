"""Tables of who is known to which provider, and of sign-ins that are under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...foundation.database import Code, Json, Key, UtcDateTime, db
from ..models import Person


class OpenidIdentity(db.Model):
    """The `subject` of a provider (`issuer`) is this person.

    `browser_digest` stands while the mailbox of the account is not proved: of the browser in which the identity was
    proved. Whoever proves the mailbox in another one keeps the account without the identity (see `services`).
    """

    __tablename__ = "openid_identity"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: as the provider told it when they were linked
    email: Mapped[str] = mapped_column(String(254), default="")
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    browser_digest: Mapped[str | None] = mapped_column(String(64))

    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class OpenidAttempt(db.Model):
    """Somebody was sent to a provider from some browser. Of the secrets only the SHA-256 is kept.

    `person_id` is who asked to link an identity, None for a sign-in. `returned_at`: the state was used, which it is
    once. `claims` is what the provider said of somebody who must say more before they are let in.
    """

    __tablename__ = "openid_attempt"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    state_digest: Mapped[str] = mapped_column(String(64), unique=True)
    browser_digest: Mapped[str] = mapped_column(String(64), index=True)
    provider: Mapped[str] = mapped_column(Code)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    target: Mapped[str] = mapped_column(String(2000), default="")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claims: Mapped[dict[str, Any] | None] = mapped_column(Json)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
