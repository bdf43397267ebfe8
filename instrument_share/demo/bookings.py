"""Bookings of the demonstration: every one of them lived through by the real services, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..booking import services
from ..booking.availability.queries import rules_of
from ..booking.queries import booking_for
from ..booking.routing import pending_step
from ..booking.rules import State
from ..booking.values import BookingRequest, FinishedUse, SampleEntry
from ..catalogue.models import Instrument
from ..catalogue.rules import BOOKABLE, AccessMode
from ..identity.models import Person
from .people import People
from .plan import Bookable, Fate, Visit, plan_visits

#: Open day and night, so that somebody can be at it whenever the demonstration is loaded.
RUNNING = "pku-bnmrc-800mhz"
_KEEP_FREE = frozenset({"tsinghua-titan-80-300"})  # for whoever tries the demonstration
_RESEARCHER = "researcher"

_PURPOSES = (
    "Reference measurements for a joint paper with the host's group.",
    "Comparison of samples from three field campaigns.",
    "Доказательство воспроизводимости прежних измерений.",
    "测量联合培养博士生论文所需的样品。",
    "قياس عينات لمشروع مشترك مع الجامعة المضيفة.",
    "First look at new samples before a longer campaign.",
    "Training of a doctoral student together with the operator.",
)
_REASONS = (
    "The samples need a dry holder that this instrument does not have. Ask for the sibling instrument.",
    "Please tell the composition of the samples and how they were prepared.",
)


#: What somebody does to a request at a moment.
Deed = Callable[[datetime], object]
#: Everybody who was asked has approved.
_APPROVED = frozenset({Fate.USED, Fate.NO_SHOW, Fate.CANCELLED, Fate.CONFIRMED, Fate.IN_USE})


@dataclass(order=True)
class Moment:
    """One thing that happens to one request, at its time."""

    at: datetime
    place: int
    act: Deed = field(compare=False)


def plan_for(instruments: dict[str, Instrument], people: People, at: datetime) -> list[Visit]:
    """The requests of the demonstration for a moment of loading."""
    offered = [
        Bookable(
            each.slug,
            each.facility.host.slug,
            tuple(each.access_modes),
            each.opening,
            rules_of(each),
        )
        for each in instruments.values()
        if each.status in BOOKABLE
        and each.open_to["kind"] == "all"
        and each.qualification == "none"
        and each.slug not in _KEEP_FREE
    ]
    return plan_visits(offered, sorted(people.applicants), _RESEARCHER, RUNNING, at)


def moments_of(visits: Sequence[Visit], people: People, at: datetime) -> list[Moment]:
    """Everything that happens to the requests up to `at`, in the order of time."""
    moments = [
        moment
        for place, visit in enumerate(visits)
        for moment in _Life(visit, place, people, at).moments()
    ]
    return sorted(moments)


class _Life:
    """One request, acted on by the people of the demonstration."""

    def __init__(self, visit: Visit, place: int, people: People, now: datetime) -> None:
        self.visit, self.place, self.people, self.now = visit, place, people, now
        self.applicant = (
            people.researcher
            if visit.applicant == _RESEARCHER
            else people.applicants[visit.applicant]
        )
        self.reference = ""

    def moments(self) -> Iterator[Moment]:
        """All that people do with it, one after the other."""
        asks = self._draft if self.visit.fate is Fate.DRAFT else self._ask
        yield Moment(self.visit.asked_at, self.place, asks)
        yield from self._on_the_way()
        ended = self._end()
        if ended is not None:
            yield Moment(ended[0], self.place, ended[1])

    def _on_the_way(self) -> Iterator[Moment]:
        """How far it comes before it ends: approved, approved by all, begun."""
        fate = self.visit.fate
        if fate in _APPROVED | {Fate.HALF_APPROVED}:
            yield Moment(self._between(0.3), self.place, self._approve)
        if fate in _APPROVED:
            yield Moment(self._between(0.5), self.place, self._approve_rest)
        if fate in (Fate.USED, Fate.IN_USE):
            yield Moment(self.visit.slot.start, self.place, self._start)

    def _end(self) -> tuple[datetime, Deed] | None:
        """What becomes of it in the end, and when."""
        slot = self.visit.slot
        match self.visit.fate:
            case Fate.USED:
                return slot.end, self._finish
            case Fate.NO_SHOW:
                return slot.start + timedelta(hours=1), self._mark_no_show
            case Fate.CANCELLED:
                return self._between(0.8), self._cancel
            case Fate.REJECTED:
                return self._between(0.4), self._reject
            case Fate.CHANGES_REQUESTED:
                return self._between(0.4), self._request_changes
            case Fate.EXPIRED:
                fortnight = self.visit.asked_at + timedelta(days=14)
                return min(slot.start, fortnight), services.expire_due
        return None

    def _between(self, share: float) -> datetime:
        """That far on the way from asking to the booked time, or to the present."""
        end = min(self.visit.slot.start, self.now)
        moment = self.visit.asked_at + share * (end - self.visit.asked_at)
        return moment.replace(second=0, microsecond=0)

    def _request(self) -> BookingRequest:
        visit = self.visit
        samples = (SampleEntry(f"Series {visit.draw}", count=1 + visit.draw % 12),)
        return BookingRequest(
            instrument=visit.instrument,
            starts_at=visit.slot.start,
            ends_at=visit.slot.end,
            access_mode=visit.mode,
            purpose=_PURPOSES[visit.draw % len(_PURPOSES)],
            samples=samples if visit.mode in ("mail_in", "on_site") else (),
        )

    def _ask(self, at: datetime) -> None:
        self.reference = services.request_booking(
            self._request(), by=self.applicant, at=at
        ).reference

    def _draft(self, at: datetime) -> None:
        self.reference = services.create_draft(self._request(), by=self.applicant, at=at).reference

    def _approve(self, at: datetime) -> State:
        booking = services.approve(self.reference, by=self.people.manager, at=at, version=None)
        return State(booking.state)

    def _approve_rest(self, at: datetime) -> None:
        """Whoever comes after the manager: the safety officer where there is one, then the office."""
        deciders: dict[str, Person] = {
            "safety_officer": self.people.safety,
            "international_office": self.people.office,
        }
        booking = booking_for(self.people.manager, self.reference)
        while (step := pending_step(booking)) is not None:
            services.approve(self.reference, by=deciders[step.role], at=at, version=None)

    def _start(self, at: datetime) -> None:
        services.start(self.reference, by=self.people.manager, at=at, version=None)

    def _finish(self, at: datetime) -> None:
        visit = self.visit
        early = timedelta(minutes=(0, 0, 0, 10, 25)[visit.draw % 5])
        use = FinishedUse(
            started_at=visit.slot.start,
            ended_at=visit.slot.end - early,
            operator_minutes=60 if visit.mode in ("remote", "mail_in") else 0,
            samples=1 + visit.draw % 12 if visit.mode == AccessMode.MAIL_IN else 0,
        )
        services.finish(self.reference, by=self.people.manager, at=at, version=None, use=use)

    def _mark_no_show(self, at: datetime) -> None:
        services.mark_no_show(self.reference, by=self.people.manager, at=at, version=None)

    def _cancel(self, at: datetime) -> None:
        services.cancel(self.reference, by=self.applicant, at=at, version=None, comment="")

    def _reject(self, at: datetime) -> None:
        services.reject(
            self.reference, by=self.people.manager, at=at, version=None, comment=_REASONS[0]
        )

    def _request_changes(self, at: datetime) -> None:
        services.request_changes(
            self.reference, by=self.people.manager, at=at, version=None, comment=_REASONS[1]
        )
