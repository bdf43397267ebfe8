"""What can be done with series: each function is one sentence, done with all of its occurrences or with none.

They call the services of single bookings, which ask for permission each time, and tell people once for all of them.
"""

from .changing import cancel_series, reschedule_series
from .creating import check_series, create_series
from .deciding import approve_series, reject_series, request_changes_of_series

__all__ = [
    "approve_series",
    "cancel_series",
    "check_series",
    "create_series",
    "reject_series",
    "request_changes_of_series",
    "reschedule_series",
]
