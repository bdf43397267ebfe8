"""What is refused when time is closed, blocked or taken."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal
from .values import Hit


class HitsBookings(Refusal):
    """A plan hits bookings that whoever plans has not seen yet; `hits` lists them and those that may stay."""

    code = "hits_bookings"
    status = 409
    message = lazy_gettext("Bookings lie in this time. Look at them before it is saved.")

    def __init__(self, hits: Sequence[Hit]) -> None:
        super().__init__()
        self.hits = hits
