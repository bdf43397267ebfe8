"""Tables of the label at an instrument and of the faults that are reported there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...catalogue.models import Instrument
from ...foundation.database import Key, UtcDateTime, db
from ...identity.models import Person
from ..models import Booking


class InstrumentLabel(db.Model):
    """What the label of an instrument lets applicants do; without a row, report faults alone."""

    __tablename__ = "instrument_label"

    instrument_id: Mapped[int] = mapped_column(
        ForeignKey("instrument.id", ondelete="CASCADE"), primary_key=True
    )
    self_service: Mapped[bool] = mapped_column(default=False)  # they start and finish themselves


class Fault(db.Model):
    """Something that is wrong with an instrument, until somebody in charge says that it is settled."""

    __tablename__ = "fault"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id", ondelete="CASCADE"))
    booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("booking.id", ondelete="SET NULL"), index=True
    )
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    instrument: Mapped[Instrument] = relationship()
    booking: Mapped[Booking | None] = relationship(viewonly=True)
    reported_by: Mapped[Person] = relationship(foreign_keys=[reported_by_id])

    __table_args__ = (
        Index("ix_fault_instrument", "instrument_id", "settled_at"),
        CheckConstraint("text <> ''", name="text"),
    )
