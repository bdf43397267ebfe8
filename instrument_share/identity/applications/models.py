"""The table of applications of institutions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...foundation.database import Code, Json, Key, UtcDateTime, check_codes, db
from ...foundation.localized import LocalizedText, in_language
from ..models import Institution, Person
from .rules import ApplicationState


class InstitutionApplication(db.Model):
    """An institution asks to take part; somebody of it, `applicant`, says what it is and why.

    Once admitted, `institution` is what came of it.
    """

    __tablename__ = "institution_application"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    names: Mapped[LocalizedText] = mapped_column(Json)
    ror: Mapped[str | None] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))  # ISO 3166-1 alpha-2
    time_zone: Mapped[str] = mapped_column(String(60))
    website: Mapped[str] = mapped_column(String(300))
    mail_domains: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(Code, default=ApplicationState.WAITING)
    comment: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    applicant: Mapped[Person] = relationship(foreign_keys=[applicant_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    institution: Mapped[Institution | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        check_codes("state", ApplicationState),
        Index("ix_institution_application_waiting", "state", "created_at"),
    )

    def name(self, tag: str) -> str:
        return in_language(self.names, tag)
