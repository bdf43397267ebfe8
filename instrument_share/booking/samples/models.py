"""Tables of samples on their way. `booking.models.Sample` says what a sample is; a track begins when it travels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...foundation.database import Code, Key, UtcDateTime, check_codes, db
from ...identity.models import Person
from ..models import Sample
from .rules import SampleState, Step, new_code


class SampleTrack(db.Model):
    """Where a sample is; `code` is on its label."""

    __tablename__ = "sample_track"

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(String(20), unique=True, default=new_code)
    state: Mapped[str] = mapped_column(Code, default=SampleState.ANNOUNCED)
    kind: Mapped[str] = mapped_column(String(200), default="")  # solution, powder, thin film …
    preservation: Mapped[str] = mapped_column(String(200), default="")  # how it is to be kept

    sample: Mapped[Sample] = relationship()
    steps: Mapped[list[SampleStep]] = relationship(
        cascade="all, delete-orphan", order_by="SampleStep.id"
    )

    __table_args__ = (check_codes("state", SampleState),)


class SampleStep(db.Model):
    """A step on the way of a sample, with the parcel's carrier and tracking number where it has one."""

    __tablename__ = "sample_step"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    sample_id: Mapped[int] = mapped_column(
        ForeignKey("sample_track.sample_id", ondelete="CASCADE"), index=True
    )
    step: Mapped[str] = mapped_column(Code)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    carrier: Mapped[str] = mapped_column(String(100), default="")
    tracking: Mapped[str] = mapped_column(String(100), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    by: Mapped[Person] = relationship()

    __table_args__ = (check_codes("step", Step),)
