"""Table of letters of invitation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...files.models import StoredFile
from ...foundation.database import Code, Json, Key, UtcDateTime, db
from ...identity.models import Institution, Person
from ..models import Booking


class Letter(db.Model):
    """A letter as it was issued. What it says never changes (the database refuses it): `snapshot` and its SHA-256.

    It ends by being revoked, or superseded by the next one for the same booking. `file` is the PDF, made once.
    """

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(100), unique=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)  # 140 random bits, see letters.rules
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    host_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    serial: Mapped[int]
    languages: Mapped[str] = mapped_column(Code)  # letters.rules.LANGUAGES
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    booking: Mapped[Booking] = relationship(viewonly=True)
    host: Mapped[Institution] = relationship()
    issued_by: Mapped[Person] = relationship(foreign_keys=[issued_by_id])
    file: Mapped[StoredFile | None] = relationship()

    __table_args__ = (
        UniqueConstraint("host_id", "year", "serial"),
        Index("ix_letter_booking", "booking_id", "id"),
    )
