"""The table of what people wish; who has no row is told everything at once."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Time
from sqlalchemy.orm import Mapped, mapped_column

from ...foundation.database import Json, Key, UtcDateTime, db
from .rules import Quiet, Wishes


class MessageWishes(db.Model):
    """How a person wants to be told by mail; hours are on the clock of the person's own zone."""

    __tablename__ = "message_wishes"

    person_id: Mapped[int] = mapped_column(
        Key, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    paces: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # digests.rules.Group -> Pace
    hour: Mapped[int] = mapped_column(default=8)
    weekday: Mapped[int] = mapped_column(default=0)
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    )

    @property
    def wishes(self) -> Wishes:
        quiet = None
        if self.quiet_from is not None and self.quiet_until is not None:
            quiet = Quiet(self.quiet_from, self.quiet_until)
        return Wishes(self.paces, self.hour, self.weekday, quiet)
