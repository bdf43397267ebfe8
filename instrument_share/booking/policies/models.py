"""The table of approval policies: every version that was in force, and the draft of the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...foundation.database import Code, Json, Key, UtcDateTime, db
from ...identity.models import Person
from .rules import Policy
from .written import from_data


class ApprovalPolicy(db.Model):
    """One version of the policy of a host institution, a facility or an instrument.

    It holds from `starts_at` until the next version does. A version that was activated is never changed; the one that
    was not is the draft, of which there is one at most. `revision` guards the draft against being saved twice over.
    """

    __tablename__ = "approval_policy"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    scope_kind: Mapped[str] = mapped_column(Code)  # institution | facility | instrument
    scope_id: Mapped[int]
    host_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    version: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    document: Mapped[dict[str, Any]] = mapped_column(Json)  # policies.written.as_data
    note: Mapped[str] = mapped_column(String(300), default="")  # why it was changed
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    created_by: Mapped[Person | None] = relationship(foreign_keys=[created_by_id])
    activated_by: Mapped[Person | None] = relationship(foreign_keys=[activated_by_id])

    __mapper_args__ = {"version_id_col": revision}
    __table_args__ = (
        UniqueConstraint("scope_kind", "scope_id", "version"),
        Index(
            "uq_approval_policy_draft",
            "scope_kind",
            "scope_id",
            unique=True,
            sqlite_where=text("activated_at IS NULL"),
            postgresql_where=text("activated_at IS NULL"),
        ),
        CheckConstraint(
            "scope_kind IN ('institution', 'facility', 'instrument')", name="scope_kind"
        ),
        CheckConstraint("(activated_at IS NULL) = (starts_at IS NULL)", name="activated"),
    )

    @property
    def rules(self) -> Policy:
        return from_data(self.document)
