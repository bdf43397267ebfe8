"""The table of outside calendars."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...foundation.database import Code, Json, Key, UtcDateTime, db
from ...foundation.localized import LocalizedText
from ..models import Instrument


class OutsideCalendar(db.Model):
    """An `.ics` of somebody else whose events close an instrument; the worker fetches it.

    While it fails its last good state is kept for a while (`rules`), and `failing_since` and
    `last_error` (a `rules.Fault`) tell the manager. `told_at`: when they were told of it.
    """

    __tablename__ = "outside_calendar"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    instrument_id: Mapped[int] = mapped_column(
        ForeignKey("instrument.id", ondelete="CASCADE"), index=True
    )
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[LocalizedText] = mapped_column(Json, default=dict)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_ok_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Code, default="")
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    etag: Mapped[str] = mapped_column(String(300), default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    expanded_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # recurrences, so far
    next_fetch_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    instrument: Mapped[Instrument] = relationship()
