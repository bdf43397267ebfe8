"""Tables of the conversation on a booking, its files, and how far each reader has read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...files.models import StoredFile
from ...foundation.database import Key, UtcDateTime, db
from ...identity.models import Person
from ..models import Booking


class Remark(db.Model):
    """Something said on a booking; never changed afterwards. `is_internal`: a note that the applicant does not see."""

    __tablename__ = "remark"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_internal: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)

    booking: Mapped[Booking] = relationship(viewonly=True)
    author: Mapped[Person] = relationship()
    files: Mapped[list[StoredFile]] = relationship(
        secondary="remark_file", order_by=StoredFile.id, passive_deletes=True
    )

    __table_args__ = (
        Index("ix_remark_booking", "booking_id", "id"),
        CheckConstraint("text <> ''", name="text"),
    )


class RemarkFile(db.Model):
    """A file that came with a remark."""

    __tablename__ = "remark_file"

    remark_id: Mapped[int] = mapped_column(
        ForeignKey("remark.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True, index=True)


class RemarksRead(db.Model):
    """The last remark of a booking that somebody has seen."""

    __tablename__ = "remarks_read"

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    last_id: Mapped[int]
