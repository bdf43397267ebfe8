"""Tables of agreements: who opens what to whom, how much of it, and at which discount."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...catalogue.models import Facility, Instrument
from ...catalogue.rules import AccessMode
from ...foundation.database import Base, Code, Json, Key, check_codes, db
from ...foundation.localized import LocalizedText, in_language
from ...identity.models import Institution
from ..rules import AgreementState
from .rules import CarryRule

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
    state: Mapped[str] = mapped_column(Code, default=AgreementState.DRAFT)
    valid_from: Mapped[date]
    valid_until: Mapped[date]  # inclusive
    yearly_minutes: Mapped[int]
    carry_rule: Mapped[str] = mapped_column(
        Code, default=CarryRule.NONE, server_default=CarryRule.NONE
    )
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
        check_codes("state", AgreementState),
        check_codes("carry_rule", CarryRule),
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

    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        check_codes("mode", AccessMode),
    )
