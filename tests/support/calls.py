"""A call of a facility, and the people around it, for tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from instrument_share.access.calls import services
from instrument_share.access.calls.models import Call
from instrument_share.access.calls.proposing.models import Proposal
from instrument_share.access.calls.proposing.services import write_proposal
from instrument_share.access.calls.reviewing.models import Review
from instrument_share.access.calls.reviewing.services import appoint, hand_in
from instrument_share.access.calls.rules import Timetable
from instrument_share.access.calls.standard import CRITERIA
from instrument_share.access.calls.values import CallDraft, ProposalDraft, ReviewDraft
from instrument_share.catalogue.models import Facility, Instrument
from instrument_share.foundation.database import db
from instrument_share.identity.models import Person
from instrument_share.identity.rules import PROGRAMME, Role

from .builders import AT, grant, make_institution, make_instrument, make_person

DAY = timedelta(days=1)
OPENS, CLOSES, REVIEWED = AT + DAY, AT + 10 * DAY, AT + 20 * DAY
#: A moment in each state.
OPEN, IN_REVIEW = OPENS + DAY, CLOSES + DAY


@dataclass
class Round:
    """An announced call for 100 hours of one instrument, its officer, and somebody who answers it.

    `elsewhere` is an instrument of a second facility, where that gives time, too.
    """

    call: Call
    officer: Person
    lead: Person
    elsewhere: Instrument | None = None

    @property
    def slug(self) -> str:
        here = self.call.facility_id
        return next(it.slug for it in self.call.instruments if it.facility_id == here)

    def propose(
        self, lead: Person | None = None, *, hours: int = 40, at: datetime = OPEN, **more: Any
    ) -> Proposal:
        draft = proposal_draft(self.slug, hours, **more)
        by = lead or self.lead
        return write_proposal(self.call.reference, draft, submit=True, by=by, at=at)

    def appoint(self, person: Person | None = None) -> Person:
        """A reviewer from somewhere else, where none is named."""
        person = person or make_person(make_institution())
        appoint(self.call.reference, person.email, by=self.officer, at=OPEN)
        return person

    def review(self, proposal: Proposal, reviewer: Person, score: int, **more: Any) -> Review:
        """The same score for every criterion."""
        values = {"to_panel": f"Panel {score}", "to_applicant": f"Applicant {score}"} | more
        scores = {each.id: score for each in self.call.criteria}
        draft = ReviewDraft(scores=scores, **values)
        return hand_in(proposal.reference, draft, by=reviewer, at=IN_REVIEW)


def make_round(*, hours: int = 100, announced: bool = True, elsewhere: int = 0) -> Round:
    """With `elsewhere`, so many hours of a second facility belong to the call."""
    instrument = make_instrument()
    facility = instrument.facility
    officer = make_person(facility.host, display_name="Officer of the programme")
    grant(officer, Role.PROGRAMME_OFFICER, PROGRAMME)
    draft, other = call_draft(facility, instrument.slug, hours), None
    if elsewhere:
        other = make_instrument()
        draft = replace(
            draft,
            offers={**draft.offers, other.facility.slug: elsewhere * 60},
            instruments=(instrument.slug, other.slug),
        )
    call = services.write_call(draft, by=officer, at=AT)
    if announced:
        services.announce(call.reference, by=officer, at=AT)
    db.session.commit()
    return Round(call, officer, make_person(make_institution(), display_name="Lead Author"), other)


def make_call(instrument: Instrument, officer: Person, *, opens_at: datetime) -> Call:
    """An announced call of the instrument's facility that is open for nine days."""
    closes_at = opens_at + 9 * DAY
    draft = call_draft(
        instrument.facility, instrument.slug,
        times=Timetable(opens_at, closes_at, closes_at + 10 * DAY),
    )  # fmt: skip
    call = services.write_call(draft, by=officer, at=opens_at - DAY)
    return services.announce(call.reference, by=officer, at=opens_at - DAY)


def call_draft(facility: Facility, instrument: str, hours: int = 100, **more: Any) -> CallDraft:
    values: dict[str, Any] = {
        "titles": {"en": "Beamtime in spring"},
        "descriptions": {"en": "Time for the best ideas."},
        "offers": {facility.slug: hours * 60},
        "instruments": (instrument,),
        "times": Timetable(OPENS, CLOSES, REVIEWED),
        "starts_on": (AT + 40 * DAY).date(),
        "ends_on": (AT + 140 * DAY).date(),
        "criteria": CRITERIA[:2],
        "project_kind": "big_science_programme",
    }
    return CallDraft(**values | more)


def proposal_draft(slug: str, hours: int = 40, **more: Any) -> ProposalDraft:
    values: dict[str, Any] = {
        "title": "Strain in thin films", "abstract": "We want to see how strain relaxes.",
        "field": "new_materials", "wishes": {slug: hours * 60},
    }  # fmt: skip
    return ProposalDraft(**values | more)
