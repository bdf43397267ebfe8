"""Tables of calls. What answers them is in `proposing.models`, what reviewers say of that in `reviewing.models`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...catalogue.models import Facility, Instrument
from ...foundation.database import Base, Code, Json, Key, UtcDateTime, check_codes, db
from ...foundation.localized import LocalizedText
from ..agreements.models import Agreement
from ..rules import ProjectKind
from .rules import CallState, Timetable, state_of

call_instrument = Table(
    "call_instrument",
    Base.metadata,
    Column("call_id", ForeignKey("proposal_call.id", ondelete="CASCADE"), primary_key=True),
    Column("instrument_id", ForeignKey("instrument.id"), primary_key=True),
)


class Call(db.Model):
    """One facility or several give time of their instruments (`offers`, `minutes` in all) to the best proposals.

    Where it stands follows from its times (`state`), which are on the clock of `facility`, the first of them. The time
    that is won can be used from `starts_on` to `ends_on`, both included, by projects of `project_kind` under the
    agreement.
    """

    __tablename__ = "proposal_call"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    titles: Mapped[LocalizedText] = mapped_column(Json)
    descriptions: Mapped[LocalizedText] = mapped_column(Json)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    project_kind: Mapped[str] = mapped_column(Code)
    minutes: Mapped[int]
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    review_until: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    facility: Mapped[Facility] = relationship()
    agreement: Mapped[Agreement | None] = relationship()
    offers: Mapped[list[Offer]] = relationship(
        cascade="all, delete-orphan", order_by="Offer.id", back_populates="call"
    )
    instruments: Mapped[list[Instrument]] = relationship(
        secondary=call_instrument, order_by="Instrument.slug"
    )
    criteria: Mapped[list[Criterion]] = relationship(
        cascade="all, delete-orphan", order_by="Criterion.position"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        check_codes("project_kind", ProjectKind),
        CheckConstraint("opens_at < closes_at AND closes_at < review_until", name="order"),
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("decided_at IS NULL OR decided_at >= closes_at", name="decided"),
        Index("ix_proposal_call_closes_at", "closes_at"),
    )

    @property
    def times(self) -> Timetable:
        return Timetable(self.opens_at, self.closes_at, self.review_until)

    @property
    def time_zone(self) -> str:
        return self.facility.time_zone

    def state(self, at: datetime) -> CallState:
        return state_of(self.times, at, announced_at=self.announced_at, decided_at=self.decided_at)


class Offer(db.Model):
    """The minutes that a facility gives in a call."""

    __tablename__ = "call_offer"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("proposal_call.id", ondelete="CASCADE"))
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), index=True)
    minutes: Mapped[int]

    call: Mapped[Call] = relationship(back_populates="offers")
    facility: Mapped[Facility] = relationship()

    __table_args__ = (
        UniqueConstraint("call_id", "facility_id"),
        CheckConstraint("minutes > 0", name="minutes"),
    )


class Criterion(db.Model):
    """What reviewers score, with its weight among the others of its call."""

    __tablename__ = "call_criterion"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("proposal_call.id", ondelete="CASCADE"))
    position: Mapped[int]
    names: Mapped[LocalizedText] = mapped_column(Json)
    weight: Mapped[int]

    __table_args__ = (
        UniqueConstraint("call_id", "position"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
    )
