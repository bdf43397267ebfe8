"""Tables of the proposals that answer a call, and of the time that they are to get."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ....catalogue.models import Instrument
from ....catalogue.rules import ResearchField
from ....files.models import StoredFile
from ....foundation.database import Base, Code, Key, UtcDateTime, check_codes, db
from ....identity.models import Person
from ...projects.models import Project
from ..models import Call, Offer
from ..rules import ProposalState

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
    field: Mapped[str] = mapped_column(Code)
    state: Mapped[str] = mapped_column(Code, default=ProposalState.DRAFT)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    granted_minutes: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # that its call closes soon
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[Call] = relationship()
    lead: Mapped[Person] = relationship()
    #: those who propose it with the lead
    members: Mapped[list[Person]] = relationship(
        secondary=proposal_member, order_by="Person.display_name"
    )
    wishes: Mapped[list[Wish]] = relationship(cascade="all, delete-orphan")
    grants: Mapped[list[GrantedTime]] = relationship(
        cascade="all, delete-orphan", order_by="GrantedTime.offer_id"
    )
    file: Mapped[StoredFile | None] = relationship(secondary=proposal_file)
    project: Mapped[Project | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        check_codes("state", ProposalState),
        check_codes("field", ResearchField),
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
