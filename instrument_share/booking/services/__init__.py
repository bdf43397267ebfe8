"""What can be done with bookings: each function is one sentence of the lifecycle.

They take the acting person as `by` and the moment as `at`, flush and never commit; faces open the transaction.
"""

from .deciding import approve, reject, request_changes
from .due import expire_due
from .ending import cancel, withdraw
from .moving import reschedule
from .requesting import change_draft, create_draft, request_booking, submit
from .running import finish, mark_no_show, settle, start

__all__ = [
    "approve",
    "cancel",
    "change_draft",
    "create_draft",
    "expire_due",
    "finish",
    "mark_no_show",
    "reject",
    "request_booking",
    "request_changes",
    "reschedule",
    "settle",
    "start",
    "submit",
    "withdraw",
]
