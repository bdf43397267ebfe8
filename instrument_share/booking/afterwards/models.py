"""Tables of what follows a use: whether results came, feedback, publications, and the record with its disputes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...access.projects.models import Project
from ...foundation.database import Code, Key, UtcDateTime, check_codes, db
from ...identity.models import Person
from ..models import Booking
from .rules import Breach, Verdict


class Aftermath(db.Model):
    """What a finished booking owes: results by `due_at`. `step_at` is the next reminder; None once all is done."""

    __tablename__ = "aftermath"

    booking_id: Mapped[int] = mapped_column(
        Key, ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminders: Mapped[int] = mapped_column(default=0)
    step_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    results: Mapped[str] = mapped_column(Text, default="")  # what came of it, where it is no paper

    booking: Mapped[Booking] = relationship(viewonly=True)


class Feedback(db.Model):
    """How a use went, from 1 (badly) to 5 (very well); given once by the applicant, read by those in charge."""

    __tablename__ = "feedback"

    booking_id: Mapped[int] = mapped_column(
        Key, ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    instrument: Mapped[int]
    support: Mapped[int]
    booking_itself: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(
            "instrument BETWEEN 1 AND 5 AND support BETWEEN 1 AND 5 AND booking_itself BETWEEN 1 AND 5",
            name="marks",
        ),
    )


class Publication(db.Model):
    """A paper or data set that came of instrument time, once for each DOI (in lower case, without address)."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    doi: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    acknowledged: Mapped[bool] = mapped_column(default=False)  # it names the instrument
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)

    project: Mapped[Project | None] = relationship()
    bookings: Mapped[list[Booking]] = relationship(
        secondary="publication_booking", order_by=Booking.id
    )

    @property
    def url(self) -> str:
        return f"https://doi.org/{self.doi}"


class PublicationBooking(db.Model):
    """A booking whose time a publication came of."""

    __tablename__ = "publication_booking"

    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), primary_key=True
    )
    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CreditEntry(db.Model):
    """A breach on somebody's record. It is never taken away: it is contested, upheld or lifted, or made good."""

    __tablename__ = "credit_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    kind: Mapped[str] = mapped_column(Code)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: missing results came after all
    mended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")  # the person's
    verdict: Mapped[str | None] = mapped_column(Code)
    answer: Mapped[str] = mapped_column(Text, default="")  # the facility manager's
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    booking: Mapped[Booking] = relationship(viewonly=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    __table_args__ = (
        UniqueConstraint("booking_id", "kind"),
        check_codes("kind", Breach),
        check_codes("verdict", Verdict),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="decided"),
        Index("ix_credit_entry_person", "person_id", "happened_at"),
        Index("ix_credit_entry_institution", "institution_id", "happened_at"),
    )

    @property
    def counts(self) -> bool:
        return self.verdict != Verdict.LIFTED and self.mended_at is None

    @property
    def is_open(self) -> bool:
        """Whether it is contested and nobody has decided yet."""
        return self.contested_at is not None and self.verdict is None
