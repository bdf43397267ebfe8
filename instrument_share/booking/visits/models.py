"""Tables of a visit: its days, its visitors, and the tasks of arrival and departure."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...catalogue.models import Facility
from ...foundation.database import Code, Json, Key, UtcDateTime, check_codes, db
from ...foundation.localized import LocalizedText
from ...identity.called import PersonName
from ...identity.models import Person
from ..models import Booking
from .rules import Phase, VisitorRole


class Visit(db.Model):
    """Who comes on a booking, in local days of its instrument, both inclusive.

    `letter_*`: that the applicant has asked for a letter of invitation, and in which languages (`letters.rules`).
    """

    __tablename__ = "visit"

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(default=1)
    arrives_on: Mapped[date]
    departs_on: Mapped[date]
    letter_languages: Mapped[str | None] = mapped_column(Code)
    letter_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    booking: Mapped[Booking] = relationship(viewonly=True)
    visitors: Mapped[list[Visitor]] = relationship(
        cascade="all, delete-orphan", order_by="Visitor.place"
    )
    tasks: Mapped[list[VisitTask]] = relationship(
        cascade="all, delete-orphan", order_by="VisitTask.phase, VisitTask.place"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("arrives_on <= departs_on", name="order"),)


class Visitor(db.Model):
    """Somebody who comes. No passport number: whoever needs one asks the visitor for it and keeps it themselves."""

    __tablename__ = "visitor"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.booking_id", ondelete="CASCADE"))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(PersonName(200))  # as the person writes it
    latin_name: Mapped[str] = mapped_column(PersonName(200))
    country: Mapped[str] = mapped_column(String(2))  # nationality, ISO 3166-1
    institution: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(Code)

    __table_args__ = (
        UniqueConstraint("visit_id", "place"),
        check_codes("role", VisitorRole),
    )


class VisitTask(db.Model):
    """Something to be done before or at arrival or departure, as the facility's list was when the visit was entered."""

    __tablename__ = "visit_task"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.booking_id", ondelete="CASCADE"))
    phase: Mapped[str] = mapped_column(Code)
    place: Mapped[int]
    texts: Mapped[LocalizedText] = mapped_column(Json)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    done_by: Mapped[Person | None] = relationship()

    __table_args__ = (
        UniqueConstraint("visit_id", "phase", "place"),
        check_codes("phase", Phase),
    )


class TaskTemplate(db.Model):
    """A line of a facility's list of tasks; a facility without lines has the list that is shipped."""

    __tablename__ = "visit_task_template"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id", ondelete="CASCADE"))
    phase: Mapped[str] = mapped_column(Code)
    place: Mapped[int]
    texts: Mapped[LocalizedText] = mapped_column(Json)

    facility: Mapped[Facility] = relationship()

    __table_args__ = (
        UniqueConstraint("facility_id", "phase", "place"),
        check_codes("phase", Phase),
    )
