"""What the public page tells of a letter: enough to recognise it, not enough to learn who travels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...foundation.http import show
from ..visits.rules import initials_of
from .models import Letter
from .rules import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Verified:
    number: str
    standing: Standing
    issued_on: date
    host: str
    country: str
    arrives_on: date
    departs_on: date
    visitors: int
    initials: list[str]


def verified(letter: Letter) -> Verified:
    facts = letter.snapshot
    return Verified(
        number=letter.number,
        standing=standing_of(letter.superseded_at, letter.revoked_at),
        issued_on=date.fromisoformat(facts["issued_on"]),
        host=show.localized(facts["host"]["names"]),
        country=facts["host"]["country"],
        arrives_on=date.fromisoformat(facts["arrives_on"]),
        departs_on=date.fromisoformat(facts["departs_on"]),
        visitors=len(facts["visitors"]),
        initials=[initials_of(each["latin_name"]) for each in facts["visitors"]],
    )
