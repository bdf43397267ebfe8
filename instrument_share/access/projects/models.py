"""Tables of joint projects: their people, and the time that was allocated to them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...catalogue.models import Facility
from ...catalogue.rules import ResearchField
from ...foundation.database import Base, Code, Json, Key, UtcDateTime, check_codes, db
from ...foundation.localized import LocalizedText, in_language
from ...identity.models import Person
from ..agreements.models import Agreement
from ..rules import ProjectKind
from .rules import CandidateKind

project_member = Table(
    "project_member",
    Base.metadata,
    Column("project_id", ForeignKey("project.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True, index=True),
)


class Project(db.Model):
    """A joint project, joint laboratory or big-science programme with members from several institutions."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(Code)
    titles: Mapped[LocalizedText] = mapped_column(Json)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    field: Mapped[str] = mapped_column(Code)
    grant_numbers: Mapped[list[str]] = mapped_column(Json, default=list)
    ends_on: Mapped[date | None]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: time was allocated to it: its bookings look for that first
    allocated: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    agreement: Mapped[Agreement | None] = relationship()
    lead: Mapped[Person | None] = relationship()
    members: Mapped[list[Person]] = relationship(
        secondary=project_member, order_by="Person.display_name"
    )
    candidates: Mapped[list[ProjectCandidate]] = relationship(cascade="all, delete-orphan")
    allocations: Mapped[list[ProjectAllocation]] = relationship(
        back_populates="project", order_by="ProjectAllocation.starts_on"
    )

    __table_args__ = (
        check_codes("kind", ProjectKind),
        check_codes("field", ResearchField),
    )

    __mapper_args__ = {"version_id_col": version}

    def title(self, tag: str) -> str:
        return in_language(self.titles, tag)


class ProjectCandidate(db.Model):
    """Somebody who was invited to a project, or asks to join it, and is no member yet."""

    __tablename__ = "project_candidate"

    project_id: Mapped[int] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(Code)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()

    __table_args__ = (check_codes("kind", CandidateKind),)


class ProjectAllocation(db.Model):
    """Minutes of a project for a period (both days included), on one facility's instruments or, without one, on any.

    The minutes are granted in the ledger; what is left of them is a sum there.
    """

    __tablename__ = "project_allocation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facility.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    minutes: Mapped[int]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    project: Mapped[Project] = relationship(back_populates="allocations")
    facility: Mapped[Facility | None] = relationship()

    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="order"),
        CheckConstraint("minutes >= 0", name="minutes"),
    )
