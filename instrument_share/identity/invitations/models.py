"""The table of invitations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...foundation.database import Key, UtcDateTime, db
from ..models import Institution, Person
from .rules import Guest, InvitationState, state_of

_UNUSED = text("accepted_at IS NULL AND withdrawn_at IS NULL")


class Invitation(db.Model):
    """A liaison's word that whoever reads the mailbox of `email` works at the institution; accepted once."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    email: Mapped[str] = mapped_column(String(254))  # folded to lower case
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(20))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    institution: Mapped[Institution] = relationship()
    invited_by: Mapped[Person] = relationship(foreign_keys=[invited_by_id])

    __table_args__ = (
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        Index(
            "uq_invitation_unused", "institution_id", "email", unique=True,
            sqlite_where=_UNUSED, postgresql_where=_UNUSED,
        ),
        Index("ix_invitation_institution_id", "institution_id", "id"),
    )  # fmt: skip

    @property
    def guest(self) -> Guest:
        return Guest(self.email, self.name, self.language)

    def state_at(self, at: datetime) -> InvitationState:
        return state_of(self.expires_at, self.accepted_at, self.withdrawn_at, at)
