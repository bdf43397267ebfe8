"""What booking answers for lower floors."""

from __future__ import annotations

from ..catalogue import free_time
from . import own_data, to_do, week
from .afterwards import hearers as afterwards
from .availability.search import first_free_of, free_among
from .closing import hearers as closing
from .letters import hearers as letters
from .waiting import hearers as waiting


def connect() -> None:
    """Tell the catalogue's search when instruments are free, show the week on their pages, offer freed time,
    and tell the inbox what waits for whom.
    """
    free_time.register(free_among, first_free_of)
    week.connect()
    closing.connect()
    waiting.connect()
    to_do.connect()
    own_data.connect()
    letters.connect()
    afterwards.connect()
