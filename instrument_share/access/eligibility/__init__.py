"""Who may use an instrument: computed for one or for many, and explained before any form."""

from __future__ import annotations

from .assessing import (
    Eligibility,
    check_eligible,
    eligibilities_of,
    eligibility_of,
    readiness_of,
)
from .explanations import Condition, Reader

__all__ = [
    "Condition",
    "Eligibility",
    "Reader",
    "check_eligible",
    "eligibilities_of",
    "eligibility_of",
    "readiness_of",
]
