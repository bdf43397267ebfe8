"""Tables of reviewers, their conflicts of interest, and what they say of proposals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ....foundation.database import Json, Key, UtcDateTime, db
from ....identity.models import Person
from ..models import Call


class Reviewer(db.Model):
    """Somebody who was asked to review the proposals of a call."""

    __tablename__ = "call_reviewer"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("proposal_call.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    appointed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    appointed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # that reviews are soon due

    call: Mapped[Call] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (UniqueConstraint("call_id", "person_id"),)


class Conflict(db.Model):
    """A reviewer says why they should not judge a proposal. It is not taken back."""

    __tablename__ = "proposal_conflict"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(
        ForeignKey("call_reviewer.id", ondelete="CASCADE"), primary_key=True
    )
    words: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Review(db.Model):
    """What a reviewer handed in about a proposal: `to_panel` is for the office and the other reviewers."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("call_reviewer.id"), index=True)
    to_panel: Mapped[str] = mapped_column(Text, default="")
    to_applicant: Mapped[str] = mapped_column(Text, default="")
    recommended_minutes: Mapped[int | None]
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # after it was handed in
    version: Mapped[int] = mapped_column(default=1, server_default="1")  # goes on from the draft's

    scores: Mapped[list[Score]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("proposal_id", "reviewer_id"),
        CheckConstraint("recommended_minutes >= 0", name="recommended"),
    )


class Score(db.Model):
    """1 (poor) to 5 (excellent) for one criterion."""

    __tablename__ = "review_score"

    review_id: Mapped[int] = mapped_column(
        ForeignKey("review.id", ondelete="CASCADE"), primary_key=True
    )
    criterion_id: Mapped[int] = mapped_column(ForeignKey("call_criterion.id"), primary_key=True)
    score: Mapped[int]

    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"),)


class UnfinishedReview(db.Model):
    """What a reviewer has written down so far. A table of its own: no sum and no list of reviews can take it in."""

    __tablename__ = "unfinished_review"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(
        ForeignKey("call_reviewer.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    scores: Mapped[dict[str, int]] = mapped_column(Json)  # by the id of a criterion, as text
    to_panel: Mapped[str] = mapped_column(Text)
    to_applicant: Mapped[str] = mapped_column(Text)
    recommended_minutes: Mapped[int | None]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]

    __table_args__ = (CheckConstraint("recommended_minutes >= 0", name="recommended"),)
