"""Records of people and institutions as policies look at them: as they were at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy import or_, select

from ...foundation.database import db
from ..afterwards.models import CreditEntry
from ..afterwards.rules import FADES, WHOLE, Breach, Entry, Verdict, score_of


class Recorded(Protocol):
    """Somebody with a record, of whose moment it is asked."""

    @property
    def person_id(self) -> int: ...
    @property
    def institution_id(self) -> int | None: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of a record, and since when it counts no longer, if ever."""

    booking_id: int
    person_id: int
    institution_id: int | None
    kind: Breach
    at: datetime
    mended_at: datetime | None
    lifted_at: datetime | None

    def as_at(self, moment: datetime) -> Entry:
        ends = [each for each in (self.mended_at, self.lifted_at) if each is not None]
        return Entry(self.kind, self.at, counts=all(moment < end for end in ends))


def breaches_of(askers: Sequence[Recorded]) -> Sequence[Noted]:
    """What is noted of these people and their institutions, as far as it could weigh for one of them."""
    homes = {each.institution_id for each in askers if each.institution_id is not None}
    rows = db.session.scalars(
        select(CreditEntry).where(
            or_(
                CreditEntry.person_id.in_({each.person_id for each in askers}),
                CreditEntry.institution_id.in_(homes),
            ),
            or_(
                CreditEntry.happened_at > min(each.at for each in askers) - FADES,
                CreditEntry.verdict == Verdict.LIFTED,
            ),
        )
    )
    return [_noted(row) for row in rows]


def points_of(
    whose: Literal["person_id", "institution_id"],
    key: int | None,
    breaches: Sequence[Noted],
    at: datetime,
) -> int:
    """The points of a record at a moment; all of them where there is nobody whose record it could be."""
    if key is None:
        return WHOLE
    return score_of((each.as_at(at) for each in breaches if getattr(each, whose) == key), at)


def is_lifted(booking_id: int, breaches: Sequence[Noted], at: datetime) -> bool:
    """Whether it had been decided by then that a no-show stands on the record wrongly."""
    return any(
        each.booking_id == booking_id
        and each.kind == Breach.NO_SHOW
        and each.lifted_at is not None
        and each.lifted_at <= at
        for each in breaches
    )


def _noted(row: CreditEntry) -> Noted:
    lifted = row.decided_at if row.verdict == Verdict.LIFTED else None
    return Noted(
        row.booking_id, row.person_id, row.institution_id, Breach(row.kind), row.happened_at,
        row.mended_at, lifted,
    )  # fmt: skip
