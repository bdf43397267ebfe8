"""What requests stand on: read for each by itself, or once for all occurrences of a series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ...access.agreements.models import Agreement
from ...access.eligibility import Eligibility
from ...access.projects.models import Project
from ...catalogue.models import Instrument
from ..availability.slot_rules import Openness


@dataclass(frozen=True, slots=True)
class Ground:
    """What several requests of one person for one instrument have in common.

    The instrument is locked: nobody else books or changes it until the transaction ends. `openness` spans all of the
    requests; `agreement_on` tells for a day what they go under.
    """

    instrument: Instrument
    openness: Openness
    eligibility: Eligibility
    agreement_on: Callable[[date], Agreement | None]
    project: Project | None
