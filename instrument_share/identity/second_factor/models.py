"""Tables of second factors and recovery codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ...foundation.database import Key, UtcDateTime, db


class SecondFactor(db.Model):
    """A person's authenticator. The secret is encrypted with a key that only the installation knows.

    `last_step` is the 30-second step of the last code that was taken: no code is taken twice (RFC 6238 section 5.2).
    `wrong_count` wrong codes in a row were given, the last of them at `wrong_since`.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed_secret: Mapped[str] = mapped_column(String(300))
    last_step: Mapped[int] = mapped_column(Key)
    wrong_count: Mapped[int] = mapped_column(default=0)
    wrong_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecoveryCode(db.Model):
    """A code that opens the account once; of which only a keyed hash is kept. It is gone when it was used."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
