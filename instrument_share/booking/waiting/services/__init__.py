"""What can be done with the waiting list: they flush and never commit; faces and the worker open the transaction."""

from .answering import accept, decline, leave, settle_offer
from .joining import join
from .offering import close_over, due_lines, offer_time, sweep_line
from .watching import due_watches, forget_freed, remember_freed, stop_watching, tell_watcher, watch

__all__ = [
    "accept",
    "close_over",
    "decline",
    "due_lines",
    "due_watches",
    "forget_freed",
    "join",
    "leave",
    "offer_time",
    "remember_freed",
    "settle_offer",
    "stop_watching",
    "sweep_line",
    "tell_watcher",
    "watch",
]
