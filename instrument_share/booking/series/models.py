"""The table of series: what was asked for as one. Its occurrences are bookings of their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...catalogue.models import Instrument
from ...foundation.database import Code, Key, UtcDateTime, check_codes, db
from ...identity.models import Institution, Person

#: Codes of series.planning.OnConflict, which itself rests on bookings.
_ON_CONFLICT = ("skip", "shift", "stop")


class Series(db.Model):
    """A rule, the wall time of its first occurrence, and who asked for it. It never changes once it is made.

    What becomes of an occurrence stands in its booking: `booking.series_id` and `booking.occurrence`, the start that
    the rule gave it (what RFC 5545 calls its RECURRENCE-ID), whatever time it was moved to.
    """

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    rrule: Mapped[str] = mapped_column(String(500))
    time_zone: Mapped[str] = mapped_column(String(60))  # the instrument's, as it was
    first_start: Mapped[datetime] = mapped_column(DateTime())  # on the wall clock of `time_zone`
    minutes: Mapped[int]
    on_conflict: Mapped[str] = mapped_column(Code)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"), index=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    instrument: Mapped[Instrument] = relationship()
    applicant: Mapped[Person] = relationship()
    institution: Mapped[Institution | None] = relationship()

    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        check_codes("on_conflict", _ON_CONFLICT),
    )
