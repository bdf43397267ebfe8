"""Tables of checklists, version by version, and of what people answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...files.models import StoredFile
from ...foundation.database import Code, Json, Key, UtcDateTime, check_codes, db
from ...identity.models import Institution, Person
from .rules import ScreeningClass, State


class ScreeningChecklist(db.Model):
    """A host's own questions for a class; without a row the shipped ones hold. The last version is in force."""

    __tablename__ = "screening_checklist"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    screening_class: Mapped[str] = mapped_column(Code)
    version: Mapped[int]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # screening.rules.Question
    valid_months: Mapped[int]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        check_codes("screening_class", ScreeningClass),
        UniqueConstraint("institution_id", "screening_class", "version"),
        CheckConstraint("valid_months BETWEEN 1 AND 120", name="valid_months"),
    )


class Screening(db.Model):
    """What a person answered for a host and a class, and what came of it.

    `answers`: by key of the question, with its print as it was asked (`screening.rules.Kept`). `evidence`: the files
    that the answers name. `outdated`: the checklist has questions that were not answered yet.
    """

    __tablename__ = "screening"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    screening_class: Mapped[str] = mapped_column(Code)
    state: Mapped[str] = mapped_column(Code)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    outdated: Mapped[bool] = mapped_column(default=False, server_default=false())
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    valid_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship()
    institution: Mapped[Institution] = relationship()
    evidence: Mapped[list[ScreeningEvidence]] = relationship(
        back_populates="screening", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        check_codes("screening_class", ScreeningClass),
        UniqueConstraint("person_id", "institution_id", "screening_class"),
        check_codes("state", State),
        Index("ix_screening_queue", "institution_id", "state", "answered_at"),
    )


class ScreeningEvidence(db.Model):
    """A file that came with an answer; gone when the answer is given anew with another file, or without."""

    __tablename__ = "screening_evidence"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    screening_id: Mapped[int] = mapped_column(
        ForeignKey("screening.id", ondelete="CASCADE"), index=True
    )
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)

    screening: Mapped[Screening] = relationship(back_populates="evidence")
    file: Mapped[StoredFile] = relationship()
