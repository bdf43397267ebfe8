"""What the audit trail keeps of calls."""

from __future__ import annotations

from datetime import datetime

from ...foundation.database import db
from ...identity import audit
from ...identity.models import Person
from .models import Call


def record(call: Call, what: str, by: Person, at: datetime, **details: object) -> None:
    """Note that `by` did something to a call; whatever was changed before is written first."""
    db.session.flush()
    audit.record(f"call.{what}", "call", call.reference, by=by.id, at=at, **details)
