"""The table of kept files; their contents lie in the storage folder under the file's key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..foundation.database import Key, UtcDateTime, db
from ..identity.models import Person


class StoredFile(db.Model):
    """A file as it was handed in. `name` is the sender's, cleaned, and only ever shown; `size` in bytes."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(43), unique=True)  # 256 random bits, URL-safe
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Key)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    uploaded_by: Mapped[Person] = relationship()

    __table_args__ = (CheckConstraint("size > 0", name="size"),)
