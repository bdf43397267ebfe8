"""What a message tells, as it was when it happened: typed values, kept as JSON beside the message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from ..models import Message
from ..rules import Kind
from .accounts import DeputyFacts, InvitationFacts, SecretFacts
from .bookings import BookingFacts, SeriesFacts
from .instruments import CalendarFacts, FreedTimeFacts
from .plain import PlainFacts

#: Each has `kept()`, which writes it as JSON, and `read()`, which has it back.
Facts: TypeAlias = (
    BookingFacts
    | SeriesFacts
    | PlainFacts
    | FreedTimeFacts
    | CalendarFacts
    | DeputyFacts
    | InvitationFacts
    | SecretFacts
)

#: Kinds that have a shape of their own; the others are told apart by what is kept.
_SHAPES: Mapping[Kind, type[Facts]] = {
    Kind.VERIFY_MAIL: SecretFacts,
    Kind.NEW_PASSWORD: SecretFacts,
    Kind.INVITATION: InvitationFacts,
    Kind.DEPUTY_NAMED: DeputyFacts,
    Kind.DEPUTY_WITHDRAWN: DeputyFacts,
    Kind.CALENDAR_FAILING: CalendarFacts,
    Kind.FREED_TIME: FreedTimeFacts,
}


def facts_in(message: Message) -> Facts:
    """What the message tells. Raises KeyError where it is not kept (any more)."""
    return _shape_of(message).read(message.facts)


def _shape_of(message: Message) -> type[Facts]:
    own = _SHAPES.get(Kind(message.kind))
    if own:
        return own
    if "path" in message.facts:
        return PlainFacts
    return SeriesFacts if "series" in message.facts else BookingFacts


def begins_at(message: Message) -> datetime | None:
    """When the time begins that the message is about; None where it is about none, or tells nothing any more."""
    kept: dict[str, Any] = message.facts
    begins = kept["slot"][0] if kept.get("slot") else kept.get("starts_at")
    return datetime.fromisoformat(begins) if begins else None
