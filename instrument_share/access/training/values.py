"""A training session as it is offered, before it is a row."""

from __future__ import annotations

from dataclasses import dataclass

from ...foundation.interval import Interval
from ..rules import Level


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """`facility` and `instrument` are slugs; without an instrument it is for all of the facility's that ask for it.

    `takes_time`: it takes place on the instrument, which nobody can book meanwhile.
    """

    facility: str
    instrument: str | None
    level: Level
    slot: Interval
    places: int
    language: str
    trainer_id: int
    venue: str = ""
    remote_url: str = ""
    about: str = ""
    takes_time: bool = False
