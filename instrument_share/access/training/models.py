"""Tables of training sessions, the places in them, and the qualifications that come of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...catalogue.models import Facility, Instrument
from ...foundation.database import Code, Key, UtcDateTime, check_codes, db
from ...foundation.interval import Interval
from ...identity.models import Person
from ..rules import Level
from .rules import PlaceState, SessionState


class TrainingSession(db.Model):
    """A training for one instrument, or (without one) for all of a facility's that ask for it."""

    __tablename__ = "training_session"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    instrument_id: Mapped[int | None] = mapped_column(ForeignKey("instrument.id"), index=True)
    level: Mapped[str] = mapped_column(Code)  # what it grants: access.rules.Level
    trainer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    time_zone: Mapped[str] = mapped_column(String(60))
    places: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    venue: Mapped[str] = mapped_column(String(300), default="")
    remote_url: Mapped[str] = mapped_column(String(500), default="")  # for who has a place
    about: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Code, default=SessionState.OPEN)
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was cancelled
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moves: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # how often it got another time

    facility: Mapped[Facility] = relationship()
    instrument: Mapped[Instrument | None] = relationship()
    trainer: Mapped[Person] = relationship()
    taken: Mapped[list[TrainingPlace]] = relationship(
        back_populates="session", order_by="TrainingPlace.asked_at, TrainingPlace.id"
    )
    time: Mapped[TrainingTime | None] = relationship()

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("places BETWEEN 1 AND 500", name="places"),
        check_codes("level", (Level.SUPERVISED, Level.INDEPENDENT)),
        check_codes("state", SessionState),
        Index("ix_training_session_when", "state", "starts_at"),
    )

    @property
    def slot(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)


class TrainingTime(db.Model):
    """The stretch of its instrument's time that a session takes; gone once that is lifted, by whomever."""

    __tablename__ = "training_time"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    exception_id: Mapped[int] = mapped_column(
        ForeignKey("opening_exception.id", ondelete="CASCADE"), unique=True
    )


class TrainingPlace(db.Model):
    """Somebody in a session: on a seat, in line for one, or with a result. A seat is never given twice, nor one beyond
    the session's places: the database refuses both.
    """

    __tablename__ = "training_place"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    seat: Mapped[int | None]
    state: Mapped[str] = mapped_column(Code)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    session: Mapped[TrainingSession] = relationship(back_populates="taken")
    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        UniqueConstraint("session_id", "seat"),
        CheckConstraint("seat >= 1", name="seat"),
        CheckConstraint(
            "(state IN ('booked', 'passed', 'failed', 'absent')) = (seat IS NOT NULL)",
            name="seated",
        ),
        check_codes("state", PlaceState),
    )


class Qualification(db.Model):
    """A person may use an instrument, supervised or independently, until a day, unless it was revoked.

    `remind_on`: the day on which they are next told that it runs out. `first_used_at`: when somebody with supervised
    training used an instrument that asks for more, once, with an operator present.
    """

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"), index=True)
    level: Mapped[str] = mapped_column(Code)  # supervised | independent
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[date | None]
    remind_on: Mapped[date | None] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoke_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    first_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    issued_by: Mapped[Person | None] = relationship(foreign_keys=[issued_by_id])
    instrument: Mapped[Instrument] = relationship()

    __table_args__ = (
        UniqueConstraint("person_id", "instrument_id", "level"),
        check_codes("level", (Level.SUPERVISED, Level.INDEPENDENT)),
    )
