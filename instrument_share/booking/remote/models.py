"""Tables of connections for remote use, and of the checks before the day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...foundation.database import Code, UtcDateTime, check_codes, db
from ...identity.models import Person
from ..models import Booking
from .rules import Check


class Connection(db.Model):
    """How the applicant connects. They see `address` and `instructions` from `opens_minutes` before the start."""

    __tablename__ = "connection"

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True
    )
    operator_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  # on duty
    opens_minutes: Mapped[int] = mapped_column(default=15)
    address: Mapped[str] = mapped_column(String(500))
    instructions: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    booking: Mapped[Booking] = relationship(viewonly=True)
    operator: Mapped[Person] = relationship()

    __table_args__ = (CheckConstraint("opens_minutes BETWEEN 0 AND 1440", name="opens_minutes"),)


class ConnectionCheck(db.Model):
    """A check before the day that was done."""

    __tablename__ = "connection_check"

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)

    done_by: Mapped[Person] = relationship()

    __table_args__ = (check_codes("code", Check),)


class CheckReminder(db.Model):
    """People were reminded of the checks of a booking that begins at `starts_at`; moved, it has another beginning."""

    __tablename__ = "check_reminder"

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
