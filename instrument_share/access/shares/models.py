"""The table of shares in co-built facilities."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...catalogue.models import Facility
from ...foundation.database import Key, db
from ...identity.models import Institution


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
