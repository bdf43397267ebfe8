"""Trainings of the demonstration: held, full with a line, and to come; a qualification that soon runs out."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ..access.rules import Level
from ..access.training.rules import PlaceState
from ..access.training.services import (
    grant_qualification,
    mark,
    offer_session,
    request_place,
    set_demands,
)
from ..access.training.values import SessionDraft
from ..catalogue.models import Instrument
from ..foundation.clock import zone
from ..foundation.interval import Interval
from ..foundation.localtime import boundary_of
from .people import People

_ABOUT = "Safety, loading a sample, alignment and shutting down. The facility brings the samples."
_DAY = timedelta(days=1)


def write_training(instruments: dict[str, Instrument], people: People, at: datetime) -> None:
    """The electron microprobe may be used once with an operator present; the line for it is full."""
    probe = instruments["pku-electron-probe-microanalyser"]
    cryo = instruments["tsinghua-titan-krios-cryo-em"]
    set_demands(probe.slug, Level.INDEPENDENT, 24, first_use=True, by=people.manager, at=at)
    set_demands(cryo.slug, Level.SUPERVISED, 12, first_use=False, by=people.manager, at=at)
    others = [person for _, person in sorted(people.applicants.items())]
    began = at - 30 * _DAY
    held = _offer(probe, Level.SUPERVISED, people, at - 9 * _DAY, began, places=4)
    for person in (people.researcher, *others[:2]):
        request_place(held, by=person, at=began)
    passed = dict.fromkeys((people.researcher.id, others[0].id), PlaceState.PASSED)
    mark(held, passed | {others[1].id: PlaceState.ABSENT}, by=people.manager, at=at - 8 * _DAY)
    full = _offer(probe, Level.INDEPENDENT, people, at + 12 * _DAY, began, places=3)
    for person in (*others[2:5], others[5]):
        request_place(full, by=person, at=at - 2 * _DAY)
    _offer(probe, Level.INDEPENDENT, people, at + 33 * _DAY, began, places=6)
    _offer(cryo, Level.SUPERVISED, people, at + 8 * _DAY, began, places=8, remote=True)
    arpes = instruments["ustc-hls-arpes"]
    _offer(arpes, Level.SUPERVISED, people, at + 15 * _DAY, began, places=5, takes_time=True)
    grant_qualification(
        others[0], cryo, Level.SUPERVISED,
        by=people.manager, at=began, valid_until=(at + 40 * _DAY).date(),
    )  # fmt: skip


def _offer(
    instrument: Instrument,
    level: Level,
    people: People,
    day: datetime,
    at: datetime,
    *,
    places: int,
    remote: bool = False,
    takes_time: bool = False,
) -> str:
    """A morning's training in the instrument's zone; returns its reference."""
    where = zone(instrument.time_zone)
    local = day.astimezone(where).date()
    slot = Interval(*(boundary_of(local, time(hour), where) for hour in (9, 12)))
    draft = SessionDraft(
        facility=instrument.facility.slug,
        instrument=instrument.slug,
        level=level,
        slot=slot,
        places=places,
        language="en",
        trainer_id=people.manager.id,
        venue="Room 101",
        remote_url="https://meeting.example/training" if remote else "",
        about=_ABOUT,
        takes_time=takes_time,
    )
    return offer_session(draft, by=people.manager, at=at).reference
