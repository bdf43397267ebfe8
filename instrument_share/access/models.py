"""Tables of agreements between institutions, joint projects and qualifications."""

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
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..catalogue.models import Facility, Instrument
from ..foundation.database import Base, Code, Json, Key, UtcDateTime, db, one_of
from ..foundation.localized import LocalizedText, in_language
from ..identity.models import Institution, Person
from .agreements.rules import CarryRule
from .projects.rules import CandidateKind
from .rules import AgreementState

agreement_host = Table(
    "agreement_host",
    Base.metadata,
    Column("agreement_id", ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True),
    Column("institution_id", ForeignKey("institution.id"), primary_key=True, index=True),
)
agreement_facility = Table(
    "agreement_facility",
    Base.metadata,
    Column("agreement_id", ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True),
    Column("facility_id", ForeignKey("facility.id"), primary_key=True),
)
agreement_instrument = Table(
    "agreement_instrument",
    Base.metadata,
    Column("agreement_id", ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True),
    Column("instrument_id", ForeignKey("instrument.id"), primary_key=True),
)
project_member = Table(
    "project_member",
    Base.metadata,
    Column("project_id", ForeignKey("project.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True, index=True),
)


class Agreement(db.Model):
    """Host institutions open instruments to partner institutions and whole countries, within a
    yearly quota of minutes.

    It covers the listed facilities and instruments, or every facility of its hosts when none is
    listed. The quota of a calendar year (in UTC) is granted in the minutes ledger; `yearly_minutes`
    is what the agreement promises. A renewal is an agreement of its own that names its
    `predecessor`.
    """

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    titles: Mapped[LocalizedText] = mapped_column(Json)
    state: Mapped[str] = mapped_column(Code, default="draft")
    valid_from: Mapped[date]
    valid_until: Mapped[date]  # inclusive
    yearly_minutes: Mapped[int]
    carry_rule: Mapped[str] = mapped_column(Code, default="none", server_default="none")
    #: minutes or percent, as the rule says
    carry_amount: Mapped[int] = mapped_column(default=0, server_default="0")
    carried_year: Mapped[int | None]  # the last year into which what was left has been carried
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    version: Mapped[int] = mapped_column(default=1)

    predecessor: Mapped[Agreement | None] = relationship(
        remote_side="Agreement.id", back_populates="successor"
    )
    successor: Mapped[Agreement | None] = relationship(back_populates="predecessor")
    hosts: Mapped[list[Institution]] = relationship(
        secondary=agreement_host, order_by="Institution.slug"
    )
    partners: Mapped[list[AgreementPartner]] = relationship(cascade="all, delete-orphan")
    facilities: Mapped[list[Facility]] = relationship(
        secondary=agreement_facility, order_by="Facility.slug"
    )
    instruments: Mapped[list[Instrument]] = relationship(
        secondary=agreement_instrument, order_by="Instrument.slug"
    )
    countries: Mapped[list[AgreementCountry]] = relationship(
        cascade="all, delete-orphan", order_by="AgreementCountry.country"
    )
    discounts: Mapped[list[AgreementDiscount]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        one_of("state", AgreementState),
        one_of("carry_rule", CarryRule),
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint("yearly_minutes >= 0", name="quota"),
        Index("uq_agreement_predecessor_id", "predecessor_id", unique=True),
    )

    def title(self, tag: str) -> str:
        return in_language(self.titles, tag)


class AgreementPartner(db.Model):
    """A partner of an agreement, with its own ceiling within the yearly quota if one was agreed."""

    __tablename__ = "agreement_partner"

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True
    )
    institution_id: Mapped[int] = mapped_column(
        ForeignKey("institution.id"), primary_key=True, index=True
    )
    yearly_minutes: Mapped[int | None]

    institution: Mapped[Institution] = relationship()


class AgreementCountry(db.Model):
    """A partner country of an agreement: every institution there is a partner."""

    __tablename__ = "agreement_country"

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True
    )
    country: Mapped[str] = mapped_column(String(2), primary_key=True, index=True)


class AgreementDiscount(db.Model):
    """Percent taken off the list price for an access mode; 100 is a waiver."""

    __tablename__ = "agreement_discount"

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True
    )
    mode: Mapped[str] = mapped_column(Code, primary_key=True)
    percent: Mapped[int]

    __table_args__ = (CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),)


class Project(db.Model):
    """A joint project, joint laboratory or big-science programme with members from several
    institutions.
    """

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(Code)  # access.rules.ProjectKind
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

    __table_args__ = (one_of("kind", CandidateKind),)


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


class FacilityShare(db.Model):
    """The percent of a co-built facility's open hours that an institution owns.

    Each calendar year (UTC) its minutes are granted in the ledger.
    """

    __tablename__ = "facility_share"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    percent: Mapped[int]
    granted_year: Mapped[int | None]  # the last year for which its minutes were granted

    facility: Mapped[Facility] = relationship()
    institution: Mapped[Institution] = relationship()

    __table_args__ = (
        UniqueConstraint("facility_id", "institution_id"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    )
