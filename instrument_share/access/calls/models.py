"""Tables of calls and of the proposals that answer them. What reviewers say is in `reviewing.models`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...catalogue.models import Facility, Instrument
from ...files.models import StoredFile
from ...foundation.database import Base, Code, Json, Key, UtcDateTime, db
from ...foundation.localized import LocalizedText
from ...identity.models import Person
from ..models import Agreement, Project
from .rules import CallState, Timetable, state_of

call_instrument = Table(
    "call_instrument",
    Base.metadata,
    Column("call_id", ForeignKey("proposal_call.id", ondelete="CASCADE"), primary_key=True),
    Column("instrument_id", ForeignKey("instrument.id"), primary_key=True),
)
proposal_member = Table(
    "proposal_member",
    Base.metadata,
    Column("proposal_id", ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True, index=True),
)
proposal_file = Table(
    "proposal_file",
    Base.metadata,
    Column("proposal_id", ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True),
    Column("file_id", ForeignKey("stored_file.id"), nullable=False, unique=True),
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
    project_kind: Mapped[str] = mapped_column(Code)  # access.rules.ProjectKind
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


class Proposal(db.Model):
    """What somebody would do with time of a call.

    `grants`, what they come to (`granted_minutes`; none where nothing was planned) and `answer` are shown once the call
    is decided.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("proposal_call.id"), index=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    abstract: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Code)  # catalogue.rules.ResearchField
    state: Mapped[str] = mapped_column(Code, default="draft")  # rules.ProposalState
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    granted_minutes: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # that its call closes soon
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[Call] = relationship()
    lead: Mapped[Person] = relationship()
    members: Mapped[list[Person]] = relationship(
        secondary=proposal_member, order_by="Person.display_name"
    )  # those who propose it with the lead
    wishes: Mapped[list[Wish]] = relationship(cascade="all, delete-orphan")
    grants: Mapped[list[GrantedTime]] = relationship(
        cascade="all, delete-orphan", order_by="GrantedTime.offer_id"
    )
    file: Mapped[StoredFile | None] = relationship(secondary=proposal_file)
    project: Mapped[Project | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted', 'withdrawn')", name="state"),
        CheckConstraint("state != 'submitted' OR submitted_at IS NOT NULL", name="submitted"),
        CheckConstraint("granted_minutes >= 0", name="granted"),
    )

    @property
    def people(self) -> list[Person]:
        """Everybody who proposes it, the lead first."""
        return [self.lead, *(each for each in self.members if each.id != self.lead_id)]

    @property
    def wished_minutes(self) -> int:
        return sum(each.minutes for each in self.wishes)

    def wished_at(self, facility_id: int) -> int:
        return sum(it.minutes for it in self.wishes if it.instrument.facility_id == facility_id)

    def granted_at(self, facility_id: int) -> int | None:
        found = (it.minutes for it in self.grants if it.offer.facility_id == facility_id)
        return next(found, None)


class Wish(db.Model):
    """How much of an instrument's time a proposal asks for."""

    __tablename__ = "proposal_wish"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"), primary_key=True)
    minutes: Mapped[int]

    instrument: Mapped[Instrument] = relationship()

    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)


class GrantedTime(db.Model):
    """What a proposal is to get of an offer. The database refuses what is more than the offer has."""

    __tablename__ = "proposal_grant"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    offer_id: Mapped[int] = mapped_column(ForeignKey("call_offer.id"), primary_key=True, index=True)
    minutes: Mapped[int]

    offer: Mapped[Offer] = relationship()

    __table_args__ = (CheckConstraint("minutes >= 0", name="minutes"),)
