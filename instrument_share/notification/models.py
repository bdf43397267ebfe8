"""The outbox: one row per fact and person, written in the booking's transaction, sent by the worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..booking.models import Booking
from ..booking.series.models import Series
from ..foundation.database import Code, Json, Key, UtcDateTime, db
from ..identity.models import Person


class Message(db.Model):
    """A fact told to a person: in the inbox at once, by mail when the worker comes to it.

    `facts` are the values the text needs, as they were; the text itself is made in the reader's
    language when it is shown or sent. `message_id` is the mail's RFC 5322 Message-ID, fixed before
    the first attempt.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(Code)  # notification.rules.Kind
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # given up
    attempts: Mapped[int] = mapped_column(default=0)
    #: None once sent or given up
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: the digest by which its mail goes
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    last_error: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person] = relationship()
    booking: Mapped[Booking | None] = relationship(viewonly=True)
    series: Mapped[Series | None] = relationship()

    __table_args__ = (
        Index("ix_message_due", "next_attempt_at"),
        Index("ix_message_inbox", "person_id", "id"),
    )
