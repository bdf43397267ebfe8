"""What is in the way of a plan, in the reader's words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ...foundation.http import show
from .values import Hit


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A booking that is hit, or may stay; `can_cancel`: the reader may let go of it."""

    reference: str
    state: str
    when: show.ShownPeriod
    applicant: str
    institution: str
    stays: bool
    can_cancel: bool


def hits_shown(hits: Sequence[Hit], cancellable: Collection[str] = ()) -> list[ShownHit]:
    return [
        ShownHit(
            hit.reference,
            hit.state,
            show.period(hit.slot, hit.time_zone),
            hit.applicant,
            show.localized(hit.institution),
            hit.stays,
            hit.reference in cancellable,
        )
        for hit in hits
    ]
