"""The table that lets a calendar program be answered `304 Not Modified` from one primary-key read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..foundation.database import UtcDateTime, db


class Calendar(db.Model):
    """The version of one feed, raised in the transaction of every visible change.

    `key` is `instrument:<id>`, `facility:<id>` or `person:<id>`. `secret_serial` is part of what a
    private address is derived from: raising it revokes the old address.
    """

    __tablename__ = "calendar"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    secret_serial: Mapped[int] = mapped_column(default=1)
