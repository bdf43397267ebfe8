"""The table of sign-in sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ...foundation.database import Key, UtcDateTime, db


class SignInSession(db.Model):
    """Somebody signed in on some device. The cookie holds a secret, of which only the SHA-256 is kept.

    `serial` is the person's `session_serial` of then: a session of an older one is over.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    serial: Mapped[int]
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
