"""Who asked their institution for its word, and when last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ...foundation.database import UtcDateTime, db


class VouchingRequest(db.Model):
    """The last time a person asked the liaisons of their institution to vouch for them."""

    __tablename__ = "vouching_request"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
