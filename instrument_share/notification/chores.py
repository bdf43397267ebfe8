"""What the worker does with messages."""

from __future__ import annotations

from contextlib import closing

from flask import current_app

from ..foundation.chores import Chore, Shift
from .outbox import send_due
from .transport import transport_for


def _send_all(shift: Shift) -> int:
    total = 0
    with closing(transport_for(current_app.config["SETTINGS"])) as transport:
        while sent := send_due(transport, worker=shift.worker, now=shift.now, stop=shift.is_over):
            total += sent
    return total


CHORES = (Chore("sent mails", 2, _send_all),)
