"""The table of saved replies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ....catalogue.models import Facility
from ....foundation.database import Json, Key, UtcDateTime, db
from ....foundation.localized import LocalizedText, in_language


class SavedReply(db.Model):
    """What a facility often says to applicants; `title` is for its deciders, `texts` are for whoever reads them."""

    __tablename__ = "saved_reply"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(120))
    texts: Mapped[LocalizedText] = mapped_column(Json)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    facility: Mapped[Facility] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("facility_id", "title"),)

    def said_in(self, language: str) -> str:
        """The text for a reader of that language; another one where there is none in it."""
        return in_language(self.texts, language)
