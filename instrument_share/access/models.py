"""Tables of agreements between institutions, joint projects and qualifications."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..catalogue.models import Facility, Instrument
from ..foundation.database import Base, Code, Json, Key, UtcDateTime, db
from ..foundation.localized import LocalizedText, in_language
from ..identity.models import Institution, Person

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
project_member = Table(
    "project_member",
    Base.metadata,
    Column("project_id", ForeignKey("project.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True, index=True),
)


class Agreement(db.Model):
    """Host institutions open facilities to partner institutions, within a yearly quota of minutes.

    It covers the listed facilities, or every facility of its hosts when none is listed. The quota
    of a calendar
    year (in UTC) is granted in the minutes ledger; `yearly_minutes` is what the agreement promises.
    """

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    titles: Mapped[LocalizedText] = mapped_column(Json)
    state: Mapped[str] = mapped_column(Code, default="draft")  # access.rules.AgreementState
    valid_from: Mapped[date]
    valid_until: Mapped[date]  # inclusive
    yearly_minutes: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    hosts: Mapped[list[Institution]] = relationship(
        secondary=agreement_host, order_by="Institution.slug"
    )
    partners: Mapped[list[AgreementPartner]] = relationship(cascade="all, delete-orphan")
    facilities: Mapped[list[Facility]] = relationship(
        secondary=agreement_facility, order_by="Facility.slug"
    )
    discounts: Mapped[list[AgreementDiscount]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'active', 'suspended', 'ended')", name="state"),
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint("yearly_minutes >= 0", name="quota"),
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
    kind: Mapped[str] = mapped_column(
        Code
    )  # joint_project | joint_laboratory | big_science_programme
    titles: Mapped[LocalizedText] = mapped_column(Json)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    field: Mapped[str] = mapped_column(Code)
    grant_numbers: Mapped[list[str]] = mapped_column(Json, default=list)
    ends_on: Mapped[date | None]

    agreement: Mapped[Agreement | None] = relationship()
    members: Mapped[list[Person]] = relationship(secondary=project_member)

    def title(self, tag: str) -> str:
        return in_language(self.titles, tag)


class Qualification(db.Model):
    """A person may use an instrument, supervised or independently, until a day."""

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"), index=True)
    level: Mapped[str] = mapped_column(Code)  # supervised | independent
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[date | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    instrument: Mapped[Instrument] = relationship()

    __table_args__ = (
        UniqueConstraint("person_id", "instrument_id", "level"),
        CheckConstraint("level IN ('supervised', 'independent')", name="level"),
    )
