"""What the worker does with quotas."""

from __future__ import annotations

from ..foundation.chores import Chore, one_by_one
from .services.carrying import carry_over, due_to_carry
from .services.shares import due_shares, renew_share
from .services.warning import due_to_warn, warn

CHORES = (
    Chore("quotas carried over", 600, one_by_one(due_to_carry, carry_over)),
    Chore("shares renewed", 600, one_by_one(due_shares, renew_share)),
    Chore("quota warnings", 60, one_by_one(due_to_warn, warn)),
)
