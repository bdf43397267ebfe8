"""Table of what bookings for data give."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...foundation.database import UtcDateTime, db
from ...identity.models import Person
from ..models import Booking


class DataProduct(db.Model):
    """The data that were handed over: what they are, under which licence (SPDX), and where they are published."""

    __tablename__ = "data_product"

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True
    )
    description: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(String(40))  # data_products.rules.LICENCES
    doi: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)

    booking: Mapped[Booking] = relationship(viewonly=True)
    changed_by: Mapped[Person] = relationship()
