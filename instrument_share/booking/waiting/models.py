"""Tables of the waiting list: who waits for what, what they were offered, who watches, and what came free."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...access.agreements.models import Agreement
from ...access.projects.models import Project
from ...catalogue.models import Instrument
from ...catalogue.rules import AccessMode
from ...foundation.clock import zone
from ...foundation.database import Code, Json, Key, UtcDateTime, check_codes, db
from ...foundation.interval import Interval
from ...identity.models import Person
from ..models import Booking
from .rules import EntryState, Outcome, Wish

_STANDING = text("state IN ('waiting', 'offered')")
_UNANSWERED = text("outcome = 'standing'")


class WaitingEntry(db.Model):
    """Somebody waits for `minutes` of an instrument somewhere in `[since, until)`; in line by `joined_at`, then id.

    `weekdays` (codes as in opening hours; empty: any), `not_before` and `not_after` are on the clock of `time_zone`.
    """

    __tablename__ = "waiting_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    access_mode: Mapped[str] = mapped_column(Code)
    purpose: Mapped[str] = mapped_column(Text)
    whole: Mapped[bool] = mapped_column(default=False)
    minutes: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    time_zone: Mapped[str] = mapped_column(String(60))
    not_before: Mapped[time | None] = mapped_column(Time)
    not_after: Mapped[time | None] = mapped_column(Time)
    weekdays: Mapped[list[str]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(Code)
    missed: Mapped[int] = mapped_column(default=0)  # offers that went unanswered
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
    instrument: Mapped[Instrument] = relationship()
    agreement: Mapped[Agreement | None] = relationship()
    project: Mapped[Project | None] = relationship()
    offers: Mapped[list[WaitingOffer]] = relationship(
        back_populates="entry", cascade="all, delete-orphan", order_by="WaitingOffer.id"
    )

    __table_args__ = (
        check_codes("access_mode", AccessMode),
        CheckConstraint("since < until", name="order"),
        CheckConstraint("minutes > 0", name="minutes"),
        check_codes("state", EntryState),
        Index("ix_waiting_entry_line", "instrument_id", "state", "joined_at"),
        Index("ix_waiting_entry_person", "person_id", "state"),
        Index("ix_waiting_entry_over", "state", "until"),
        Index(
            "uq_waiting_entry_wish",
            "person_id",
            "instrument_id",
            "since",
            "until",
            "minutes",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    @property
    def window(self) -> Interval:
        return Interval(self.since, self.until)

    @property
    def standing_offer(self) -> WaitingOffer | None:
        return next((each for each in self.offers if each.outcome == Outcome.STANDING), None)

    @property
    def wish(self) -> Wish:
        """What is waited for, as the rules see it."""
        return Wish(
            length=timedelta(minutes=self.minutes),
            window=self.window,
            zone=zone(self.time_zone),
            weekdays=frozenset(self.weekdays),
            not_before=self.not_before,
            not_after=self.not_after,
            passed=[each.slot for each in self.offers if each.outcome != Outcome.STANDING],
        )


class WaitingLine(db.Model):
    """An instrument for which people have stood in line, and when a worker last looked for time for them.

    Workers claim these rows and never the entries, so that nobody is passed over because a worker looks.
    """

    __tablename__ = "waiting_line"

    instrument_id: Mapped[int] = mapped_column(
        ForeignKey("instrument.id", ondelete="CASCADE"), primary_key=True
    )
    swept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_waiting_line_swept_at", "swept_at"),)


class WaitingOffer(db.Model):
    """Time that was held for an entry by a booking in state `offered`, and what came of it.

    An entry has one standing offer at most: the database itself refuses a second one on both engines.
    """

    __tablename__ = "waiting_offer"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("waiting_entry.id", ondelete="CASCADE"))
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), unique=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(Code, default=Outcome.STANDING)

    entry: Mapped[WaitingEntry] = relationship(back_populates="offers")
    booking: Mapped[Booking] = relationship(viewonly=True)

    __table_args__ = (
        check_codes("outcome", Outcome),
        Index("ix_waiting_offer_entry_id", "entry_id"),
        Index(
            "uq_waiting_offer_standing",
            "entry_id",
            unique=True,
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
    )

    @property
    def slot(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)


class Watch(db.Model):
    """Somebody wants to be told when `minutes` of an instrument come free within their next `days`."""

    __tablename__ = "watch"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    days: Mapped[int]
    minutes: Mapped[int | None]  # None: the shortest booking
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)  # freed time up to then was looked at
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
    instrument: Mapped[Instrument] = relationship()

    __table_args__ = (
        UniqueConstraint("person_id", "instrument_id"),
        CheckConstraint("days BETWEEN 1 AND 366", name="days"),
        Index("ix_watch_instrument_id", "instrument_id"),
    )


class FreedTime(db.Model):
    """Time of a watched instrument that was let go of; kept until everybody who watches has been told."""

    __tablename__ = "freed_time"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    freed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_freed_time_instrument", "instrument_id", "freed_at"),)

    @property
    def slot(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)
