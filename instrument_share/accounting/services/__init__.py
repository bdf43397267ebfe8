"""What accounting does: quotas are moved, uses recorded and charged, statements issued."""

from .quotas import consume, grant_allocation, grant_due, release, reserve, reserve_anew
from .shares import grant_share
from .statements import issue_statements
from .uses import record_use

__all__ = [
    "consume",
    "grant_allocation",
    "grant_due",
    "grant_share",
    "issue_statements",
    "record_use",
    "release",
    "reserve",
    "reserve_anew",
]
