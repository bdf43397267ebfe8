"""A training as an appointment in the calendar of somebody who has a place in it, or who gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from flask_babel import gettext

from ...foundation.calendar.event import Event, Status
from ...foundation.http.show import localized
from ...foundation.interval import Interval
from ...foundation.localized import LocalizedText

#: The name space of our UIDs (RFC 9562): a training has the same one in every feed and mail.
_TRAININGS = UUID("0f0c8f5e-8a3d-5f57-9d3b-6c1a7f2be940")


@dataclass(frozen=True, slots=True)
class TrainingDate:
    """What a calendar shows of a training. Each move, and that it is called off, is a new version of it."""

    reference: str
    slot: Interval
    time_zone: str
    changed_at: datetime
    subject: LocalizedText  # the instrument, or the facility
    facility: LocalizedText
    venue: str = ""
    remote_url: str = ""
    is_off: bool = False
    moves: int = 0

    def event(self, base_url: str) -> Event:
        """The event in the language that gettext speaks; its link leads to the training's page."""
        return Event(
            uid=str(uuid5(_TRAININGS, self.reference)),
            sequence=self.moves + int(self.is_off),
            status=Status.CANCELLED if self.is_off else Status.CONFIRMED,
            slot=self.slot,
            zone=self.time_zone,
            changed_at=self.changed_at,
            summary=self._summary(),
            description="\n".join(self._description()),
            location=self.venue or localized(self.facility),
            url=f"{base_url}/training/{self.reference}",
            is_private=True,
        )

    def _summary(self) -> str:
        subject = localized(self.subject)
        if self.is_off:
            return gettext("Training cancelled: %(subject)s", subject=subject)
        return gettext("Training: %(subject)s", subject=subject)

    def _description(self) -> Iterator[str]:
        yield gettext("Training %(reference)s", reference=self.reference)
        if self.venue:  # where it is does not say whose it is
            yield localized(self.facility)
        if self.remote_url:
            yield self.remote_url
