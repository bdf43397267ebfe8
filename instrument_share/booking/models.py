"""Tables of bookings, the time they hold, their samples and their approval route."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    FetchedValue,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
    inspect,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access.agreements.models import Agreement
from ..access.projects.models import Project
from ..catalogue.models import Instrument
from ..catalogue.rules import AccessMode
from ..foundation.clock import zone
from ..foundation.database import Code, Json, Key, UtcDateTime, check_codes, db
from ..foundation.interval import Interval
from ..foundation.localtime import wall_of
from ..identity.models import Institution, Person
from ..identity.rules import SCOPE_KINDS, Role
from .policies.models import ApprovalPolicy
from .policies.rules import Silence
from .rules import Seat, State, StepStatus
from .series.models import Series


class Booking(db.Model):
    """One position of one instrument for `[starts_at, ends_at)`; its states are in `booking.rules`.

    With setup and teardown it blocks `[held_from, held_until)`. `version` guards against acting on a stale page
    (If-Match); `sequence` is the calendar's (RFC 5545 3.8.7.4) and rises with every visible change,
    and with one in the same second as the last.
    """

    __tablename__ = "booking"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(Code)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    position: Mapped[int | None]  # None while it holds no time; the first one where it is `whole`
    wanted_position: Mapped[int | None]  # the one that was asked for; None where any would do
    whole: Mapped[bool] = mapped_column(default=False)  # takes every position of the instrument
    applicant_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: who pays
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    access_mode: Mapped[str] = mapped_column(Code)
    purpose: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_from: Mapped[datetime] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime] = mapped_column(UtcDateTime)
    time_zone: Mapped[str] = mapped_column(String(60))  # the instrument's, as it was
    wall_starts_at: Mapped[datetime | None] = mapped_column(DateTime)  # what its clock was to show
    wall_ends_at: Mapped[datetime | None] = mapped_column(DateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hold_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: the first use, for which an operator must be present
    supervised: Mapped[bool] = mapped_column(default=False, server_default=false())
    late: Mapped[bool] = mapped_column(default=False)  # cancelled after the deadline
    #: the start that the applicant was reminded of
    reminded_for: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: the version that its route was made by; None for the built-in one
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("approval_policy.id"))
    route_facts: Mapped[dict[str, Any] | None] = mapped_column(Json)  # what that looked at
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    occurrence: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the start its rule gave it

    # What is there before the booking: `refer` points at it, and no flush looks through it.
    instrument: Mapped[Instrument] = relationship(viewonly=True)
    applicant: Mapped[Person] = relationship(viewonly=True)
    institution: Mapped[Institution | None] = relationship(viewonly=True)
    agreement: Mapped[Agreement | None] = relationship(viewonly=True)
    project: Mapped[Project | None] = relationship(viewonly=True)
    series: Mapped[Series | None] = relationship(viewonly=True)
    policy: Mapped[ApprovalPolicy | None] = relationship(viewonly=True)
    steps: Mapped[list[ApprovalStep]] = relationship(
        cascade="all, delete-orphan",
        order_by="ApprovalStep.round, ApprovalStep.place",
    )
    samples: Mapped[list[Sample]] = relationship(cascade="all, delete-orphan", order_by="Sample.id")

    #: The time that it let go of and nobody has taken note of yet (see `holding.release_hold`); not stored.
    if TYPE_CHECKING:
        let_go: Interval | None
    else:
        let_go = None

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        check_codes("state", State),  # on SQLite by a trigger, as all below
        check_codes("access_mode", AccessMode),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("held_from <= starts_at AND ends_at <= held_until", name="held"),
        Index("ix_booking_instrument_start", "instrument_id", "starts_at"),
        Index("ix_booking_applicant_start", "applicant_id", "starts_at"),
        Index("ix_booking_state_start", "state", "starts_at"),
        Index("ix_booking_series_occurrence", "series_id", "occurrence"),
    )

    @property
    def slot(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)

    @property
    def held(self) -> Interval:
        """The slot with setup before it and teardown after it."""
        return Interval(self.held_from, self.held_until)

    @property
    def seat(self) -> Seat:
        """Where the applicant wants to be; `position` is where they are."""
        return Seat(self.wanted_position, self.whole)

    @seat.setter
    def seat(self, seat: Seat) -> None:
        self.wanted_position, self.whole = seat.position, seat.whole


@event.listens_for(Booking, "before_insert")
@event.listens_for(Booking, "before_update")
def _note_wall_time(_mapper: Any, _connection: Any, booking: Booking) -> None:
    """Whoever gives a booking a time makes it for what the instrument's clock shows then."""
    seen: Any = inspect(booking).attrs
    if seen.starts_at.history.has_changes() or seen.ends_at.history.has_changes():
        where = zone(booking.time_zone)
        booking.wall_starts_at = wall_of(booking.starts_at, where)
        booking.wall_ends_at = wall_of(booking.ends_at, where)


class Hold(db.Model):
    """Time that is taken on a position. Two never overlap: the database itself refuses it on both engines.

    Rows exist exactly as long as their booking is live: one, or one for each position where the booking takes the
    whole instrument. What is free is what no hold covers.
    """

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    position: Mapped[int]
    held_from: Mapped[datetime] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime] = mapped_column(UtcDateTime)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    #: The class of its length (`availability.holds.REACHES`). The database makes it.
    reach: Mapped[int | None] = mapped_column(SmallInteger, FetchedValue(), deferred=True)

    __table_args__ = (
        UniqueConstraint("booking_id", "position"),
        Index("ix_hold_reach", "reach", "held_from", "held_until", "instrument_id", "position"),
        CheckConstraint("held_from < held_until", name="order"),
        CheckConstraint("position >= 1", name="position"),
        Index("ix_hold_instrument_position_from", "instrument_id", "position", "held_from"),
    )


class ApprovalStep(db.Model):
    """One decision that a booking needs, as the policy was when it was submitted.

    `round` counts submissions; steps of earlier rounds stay as they were decided.
    """

    __tablename__ = "approval_step"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    round: Mapped[int] = mapped_column(default=1)
    place: Mapped[int]  # 1, 2 … in the order of deciding
    stage: Mapped[int] = mapped_column(default=1)  # steps of the same one are asked at once
    role: Mapped[str] = mapped_column(Code)
    scope_kind: Mapped[str] = mapped_column(Code)
    scope_id: Mapped[int]  # 0 for the programme
    status: Mapped[str] = mapped_column(Code)
    working_days: Mapped[int | None]  # of the office's calendar; None is the built-in deadline
    remind_days: Mapped[int] = mapped_column(default=1)
    silence: Mapped[str] = mapped_column(Code, default=Silence.EXPIRE)
    escalate_to: Mapped[str | None] = mapped_column(Code)  # the role that is asked, too
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    automatic: Mapped[bool] = mapped_column(default=False)  # approved by a rule, by nobody
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None once it was done
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: whose deputy decided
    decided_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    comment: Mapped[str] = mapped_column(Text, default="")

    booking: Mapped[Booking] = relationship(viewonly=True)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id], viewonly=True)
    decided_for: Mapped[Person | None] = relationship(foreign_keys=[decided_for_id], viewonly=True)

    __table_args__ = (
        check_codes("role", Role),
        check_codes("scope_kind", SCOPE_KINDS),
        check_codes("silence", Silence),
        check_codes("escalate_to", Role),
        UniqueConstraint("booking_id", "round", "place"),
        Index("ix_approval_step_waiting", "status", "role", "scope_kind", "scope_id"),
        Index("ix_approval_step_remind", "remind_at"),
        Index("ix_approval_step_due", "status", "silence", "due_at"),
        check_codes("status", StepStatus),
    )


class Sample(db.Model):
    """A group of like samples that a booking brings."""

    __tablename__ = "sample"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    count: Mapped[int] = mapped_column(default=1)
    hazard: Mapped[str] = mapped_column(String(200), default="")
    afterwards: Mapped[str] = mapped_column(Code, default="return")  # return | destroy

    __table_args__ = (
        CheckConstraint("count BETWEEN 1 AND 10000", name="count"),
        CheckConstraint("afterwards IN ('return', 'destroy')", name="afterwards"),
    )
