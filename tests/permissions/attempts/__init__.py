"""Attempts to reach what one may not, each by hand; `test_attempts` makes every one of them."""

from . import ids_of_others, over_or_forged, parameters_added, roles_elsewhere, takeovers
from .stage import ATTEMPTS, PURPOSE, Stage

__all__ = [
    "ATTEMPTS",
    "PURPOSE",
    "Stage",
    "ids_of_others",
    "over_or_forged",
    "parameters_added",
    "roles_elsewhere",
    "takeovers",
]
