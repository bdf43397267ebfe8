"""Who may use an instrument: computed for one or for many, and explained before any form."""

from __future__ import annotations

from .assessing import Eligibility, check_eligible, eligibilities_of, eligibility_of, readiness_of
from .explanations import Addressee, Condition

__all__ = [
    "Addressee",
    "Condition",
    "Eligibility",
    "check_eligible",
    "eligibilities_of",
    "eligibility_of",
    "readiness_of",
]
