"""A reviewer's part in one proposal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..proposing.models import Proposal
from ..rules import Tie
from .models import Conflict, Review, Reviewer, UnfinishedReview


@dataclass(frozen=True, slots=True)
class Assignment:
    """A reviewer and a proposal of their call: what stands between them, and what was said.

    What is not handed in (`unfinished`) is here for the reviewer alone.
    """

    reviewer: Reviewer
    proposal: Proposal
    tie: Tie | None
    declared: Conflict | None
    review: Review | None
    unfinished: UnfinishedReview | None = None

    @property
    def has_conflict(self) -> bool:
        return self.tie is not None or self.declared is not None

    @property
    def is_due(self) -> bool:
        return self.review is None and not self.has_conflict

    @property
    def counts(self) -> bool:
        """Whether what was said counts: not where a conflict came to light later."""
        return self.review is not None and not self.has_conflict

    @property
    def version(self) -> int:
        """Of what the reviewer wrote last, handed in or not; 0 where that is nothing."""
        kept = self.review or self.unfinished
        return kept.version if kept else 0

    def may_change(self, at: datetime) -> bool:
        """Whether what was handed in may still be written anew: until reviews are due."""
        return self.counts and at < self.reviewer.call.review_until
