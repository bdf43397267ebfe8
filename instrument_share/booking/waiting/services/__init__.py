"""What can be done with the waiting list: they flush and never commit; faces and the worker open the transaction."""

from .answering import accept, decline, leave, settle_offer
from .joining import join
from .offering import close_over, offer_time, sweep
from .watching import remember_freed, stop_watching, tell_watchers, watch

__all__ = [
    "accept",
    "close_over",
    "decline",
    "join",
    "leave",
    "offer_time",
    "remember_freed",
    "settle_offer",
    "stop_watching",
    "sweep",
    "tell_watchers",
    "watch",
]
