"""Tables of usage, prices, charges, the two ledgers and statements. Ledger rows are append-only by trigger.

Both ledgers are double entry by construction: a row moves a positive amount out of one account (`debit`) into
another (`credit`), so every journal entry sums to zero and no row can break that.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..access.agreements.models import Agreement
from ..booking.models import Booking
from ..catalogue.models import Facility, Instrument
from ..foundation.database import Code, Json, Key, UtcDateTime, check_codes, db
from ..identity.models import Institution
from .rules import Account, EntryKind, PayerCategory, Unit


class UsageRecord(db.Model):
    """What really happened. A correction is a new record that names the one it reverses."""

    __tablename__ = "usage_record"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instrument.id"))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int]  # negative in a record that reverses another
    operator_minutes: Mapped[int] = mapped_column(default=0)
    samples: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("usage_record.id"), unique=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    booking: Mapped[Booking] = relationship(viewonly=True)
    instrument: Mapped[Instrument] = relationship()
    institution: Mapped[Institution | None] = relationship()
    lines: Mapped[list[ChargeLine]] = relationship(
        back_populates="usage", order_by="ChargeLine.place"
    )

    __table_args__ = (
        CheckConstraint("started_at < ended_at", name="order"),
        CheckConstraint("(reverses_id IS NULL) = (minutes >= 0)", name="sign"),
        Index("ix_usage_record_started", "started_at", "institution_id"),
        Index("ix_usage_record_instrument", "instrument_id", "started_at"),
    )


class RateCard(db.Model):
    """Prices of an instrument, or of a whole facility, for one payer category, within a validity."""

    __tablename__ = "rate_card"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"))
    instrument_id: Mapped[int | None] = mapped_column(ForeignKey("instrument.id"), index=True)
    payer_category: Mapped[str] = mapped_column(Code)
    currency: Mapped[str] = mapped_column(String(3))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    instrument_hour_minor: Mapped[int]
    operator_hour_minor: Mapped[int] = mapped_column(default=0)
    sample_minor: Mapped[int] = mapped_column(default=0)

    facility: Mapped[Facility] = relationship()
    instrument: Mapped[Instrument | None] = relationship()

    __table_args__ = (
        check_codes("payer_category", PayerCategory),
        UniqueConstraint("facility_id", "instrument_id", "payer_category", "valid_from"),
        CheckConstraint(
            "instrument_hour_minor >= 0 AND operator_hour_minor >= 0 AND sample_minor >= 0",
            name="prices",
        ),
    )


class ChargeLine(db.Model):
    """One line of a charge that explains itself: quantity x rate, less the discount and why.

    `quantity` counts `unit`s: minutes for `instrument_hour` and `operator_hour`, pieces for `sample`.
    `gross_minor - discount_minor = amount_minor`, each rounded once, half-even.
    """

    __tablename__ = "charge_line"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    usage_id: Mapped[int] = mapped_column(ForeignKey("usage_record.id"), index=True)
    place: Mapped[int]
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    payer_category: Mapped[str] = mapped_column(Code)
    unit: Mapped[str] = mapped_column(Code)
    quantity: Mapped[int]
    rate_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    gross_minor: Mapped[int]
    discount_percent: Mapped[int] = mapped_column(default=0)
    discount_minor: Mapped[int] = mapped_column(default=0)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    amount_minor: Mapped[int]

    usage: Mapped[UsageRecord] = relationship(back_populates="lines")
    agreement: Mapped[Agreement | None] = relationship()

    __table_args__ = (
        check_codes("payer_category", PayerCategory),
        check_codes("unit", Unit),
        UniqueConstraint("usage_id", "place"),
        CheckConstraint("gross_minor - discount_minor = amount_minor", name="arithmetic"),
    )


class MinutesEntry(db.Model):
    """A transfer in the ledger of instrument minutes, inside one pot and calendar year (UTC).

    A pot is an agreement's quota, a project's allocation or an institution's share of a facility: exactly one of
    the three is named. Accounts: `granted` (the source), `carried` (between an agreement's years), `available`,
    `reserved`, `consumed`. Balances are sums, never stored.
    """

    __tablename__ = "minutes_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(Code)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    allocation_id: Mapped[int | None] = mapped_column(ForeignKey("project_allocation.id"))
    share_id: Mapped[int | None] = mapped_column(ForeignKey("facility_share.id"))
    #: who uses; None for a grant
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    year: Mapped[int]
    debit: Mapped[str] = mapped_column(Code)
    credit: Mapped[str] = mapped_column(Code)
    minutes: Mapped[int]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    usage_id: Mapped[int | None] = mapped_column(ForeignKey("usage_record.id"))

    __table_args__ = (
        check_codes("kind", EntryKind),
        CheckConstraint("minutes > 0", name="positive"),
        CheckConstraint("debit <> credit", name="moves"),
        check_codes("debit", Account),
        check_codes("credit", Account),
        CheckConstraint(
            "(agreement_id IS NOT NULL AND allocation_id IS NULL AND share_id IS NULL)"
            " OR (agreement_id IS NULL AND allocation_id IS NOT NULL AND share_id IS NULL)"
            " OR (agreement_id IS NULL AND allocation_id IS NULL AND share_id IS NOT NULL)",
            name="pot",
        ),
        Index("ix_minutes_entry_quota", "agreement_id", "year"),
        Index("ix_minutes_entry_allocation_id", "allocation_id"),
        Index("ix_minutes_entry_share", "share_id", "year"),
        Index(
            "uq_minutes_entry_carried", "agreement_id", "year", "kind", unique=True,
            sqlite_where=text("kind IN ('carry_out', 'carry_in')"),
            postgresql_where=text("kind IN ('carry_out', 'carry_in')"),
        ),
    )  # fmt: skip


class QuotaNotice(db.Model):
    """That people were told of a quota which is used up to `percent`; one row each, so nobody is told twice.

    `partner_id` is the institution whose own ceiling is meant; 0 is the whole agreement.
    """

    __tablename__ = "quota_notice"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(primary_key=True)
    percent: Mapped[int] = mapped_column(primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MoneyEntry(db.Model):
    """A transfer in the money ledger between a payer's, a subsidy's and a host's income account."""

    __tablename__ = "money_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(Code)
    debit: Mapped[str] = mapped_column(Code)  # payer | subsidy | income
    debit_institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    credit: Mapped[str] = mapped_column(Code)
    credit_institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int]
    charge_line_id: Mapped[int] = mapped_column(ForeignKey("charge_line.id"), index=True)

    __table_args__ = (
        check_codes("kind", ("charge", "subsidy", "correct")),
        CheckConstraint("amount_minor > 0", name="positive"),
        CheckConstraint("debit IN ('payer', 'subsidy', 'income')", name="debit"),
        CheckConstraint("credit IN ('payer', 'subsidy', 'income')", name="credit"),
        CheckConstraint("debit <> credit", name="moves"),
    )


class Statement(db.Model):
    """What one institution owes one host for a month, frozen when issued.

    `snapshot` is the statement as it was issued (lines, names, totals): what its PDF, XLSX and CSV show.
    """

    __tablename__ = "statement"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    payer_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    period: Mapped[str] = mapped_column(String(7))  # YYYY-MM, calendar month in the host's zone
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int]
    minutes: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the snapshot's canonical JSON

    payer: Mapped[Institution] = relationship(foreign_keys=[payer_id])
    host: Mapped[Institution] = relationship(foreign_keys=[host_id])
    lines: Mapped[list[StatementLine]] = relationship()


class StatementLine(db.Model):
    """A charge line that a statement has billed; a line is billed once."""

    __tablename__ = "statement_line"

    charge_line_id: Mapped[int] = mapped_column(ForeignKey("charge_line.id"), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), index=True)

    charge_line: Mapped[ChargeLine] = relationship()
