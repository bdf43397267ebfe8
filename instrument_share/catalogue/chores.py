"""What the worker does with instruments."""

from __future__ import annotations

from ..foundation.chores import Chore
from .outside.refreshing import read_calendars

CHORES = (Chore("outside calendars", 20, read_calendars),)
