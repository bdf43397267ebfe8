"""Who is told of trainings and of what they lead to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ...access.training.models import Qualification, TrainingPlace, TrainingSession
from ...foundation.interval import Interval
from ...foundation.signals import qualification_changed, training_changed
from ...identity.models import Person
from ..facts.plain import plain_facts
from ..rules import Kind
from ..services import tell

#: What somebody in a training is told of; who passed is told of the qualification instead.
_TRAINING = {
    "booked": Kind.TRAINING_BOOKED,
    "waiting": Kind.TRAINING_WAITING,
    "moved_up": Kind.TRAINING_MOVED_UP,
    "moved": Kind.TRAINING_MOVED,
    "moved_in_line": Kind.TRAINING_MOVED_IN_LINE,
    "cancelled": Kind.TRAINING_CANCELLED,
    "failed": Kind.TRAINING_FAILED,
}
_QUALIFICATION = {
    "granted": Kind.QUALIFICATION_GRANTED,
    "revoked": Kind.QUALIFICATION_REVOKED,
    "ending": Kind.QUALIFICATION_ENDING,
}
#: Words after which one looks for another training, not at the one that is meant.
_LOOK_ELSEWHERE = frozenset({"cancelled", "failed"})


def connect() -> None:
    """Listen. Connecting again changes nothing."""
    training_changed.connect(_training_changed)
    qualification_changed.connect(_qualification_changed)


def _training_changed(
    session: TrainingSession,
    *,
    places: Collection[TrainingPlace],
    what: str,
    by: Person | None,
    at: datetime,
) -> None:
    if what not in _TRAINING:
        return
    path = "/training" if what in _LOOK_ELSEWHERE else f"/training/{session.reference}"
    facts = plain_facts(
        path,
        comment=session.reason if what == "cancelled" else "",
        by=by.display_name if by else "",
        slot=Interval(session.starts_at, session.ends_at),
        time_zone=session.time_zone,
        subject=(session.instrument or session.facility).names,
        facility=session.facility.names,
        venue=session.venue,
        remote_url=session.remote_url,
        reference=session.reference,
        moves=session.moves,
    )
    tell(dict.fromkeys([place.person_id for place in places], _TRAINING[what]), facts, at=at)


def _qualification_changed(
    row: Qualification, *, what: str, by: Person | None, at: datetime
) -> None:
    slug = row.instrument.slug
    facts = plain_facts(
        f"/training?instrument={slug}" if what == "ending" else "/training",
        comment=row.revoke_reason,
        by=by.display_name if by else "",
        instrument=row.instrument.names,
        day=row.valid_until.isoformat() if row.valid_until else "",
    )
    tell({row.person_id: _QUALIFICATION[what]}, facts, at=at)
