"""The table of an agreement's documents; their contents are files of the house."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ....files.models import StoredFile
from ....foundation.database import Code, Key, UtcDateTime, check_codes, db
from ....identity.models import Person
from ..models import Agreement
from .rules import DocumentKind


class AgreementDocument(db.Model):
    """A document as it was added. One that was removed keeps its row and its file, and nobody gets it any more."""

    __tablename__ = "agreement_document"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), index=True
    )
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(Code)
    language: Mapped[str] = mapped_column(String(35))  # documents.rules.DOCUMENT_LANGUAGES
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agreement: Mapped[Agreement] = relationship()
    file: Mapped[StoredFile] = relationship()
    removed_by: Mapped[Person | None] = relationship()

    __table_args__ = (
        check_codes("kind", DocumentKind),
        CheckConstraint("(removed_by_id IS NULL) = (removed_at IS NULL)", name="removed"),
    )
