"""An alternative that was chosen: what its button or link says, as the fields of a form."""

from __future__ import annotations

from ..foundation.errors import InvalidInput
from ..foundation.http.schema import load
from .forms import Prefill
from .seat_form import seat_code, seat_of
from .wall_time import filled_in


def chosen(text: str, zone_name: str) -> dict[str, str]:
    """The fields of `start/end` or `start/end/position`, on the clock of a zone; none where it means nothing."""
    start, _, rest = text.partition("/")
    end, _, position = rest.partition("/")
    try:
        slot = load(Prefill(), {"start": start, "until": end})
        seat = seat_of({"position": position})
    except InvalidInput:
        return {}
    if slot["start"] is None or slot["until"] is None:
        return {}
    fields = filled_in(slot["start"], slot["until"], zone_name) | {"zone": "instrument"}
    return fields | ({"position": seat_code(seat)} if seat else {})
