"""A call's hours are planned, and given: each granted proposal becomes a project with time of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ....foundation.database import db
from ....foundation.errors import InvalidInput, NotFound, StaleVersion
from ....foundation.signals import proposal_changed
from ....identity.models import Person
from ...projects.models import Project
from ...projects.services import award_project
from ...projects.values import AllocationDraft, ProjectDraft
from ..errors import NotInReview, TooManyHours
from ..models import Call, Offer
from ..proposing.models import GrantedTime, Proposal
from ..reviewing.queries import proposals_in
from ..rules import CallState, fits
from ..trail import record
from ..values import Grant
from .queries import call_to_decide, comments_on, mark_of


def plan(
    reference: str,
    grants: Mapping[str, Grant],
    *,
    by: Person,
    at: datetime,
    mark: str | None = None,
) -> Sequence[Proposal]:
    """Note what these proposals (by reference) are to get; nobody is told before the decision is published.

    `mark`: the plan that `by` has seen. Raises NotFound, OwnMatter, NotInReview, StaleVersion, and TooManyHours where
    all of them together would get more than the call has.
    """
    call, proposals = _undecided(reference, by, at, mark)
    known = {each.reference: each for each in proposals}
    if not set(grants) <= set(known):
        raise NotFound()
    _check_facilities(call, grants)
    _check_fits(call, proposals, grants)
    _write({known[key]: grant for key, grant in grants.items()}, call)
    record(
        call, "planned", by, at,
        minutes={key: dict(grant.minutes) for key, grant in sorted(grants.items())},
    )  # fmt: skip
    return proposals


def publish(
    reference: str, *, by: Person, at: datetime, mark: str | None = None
) -> Sequence[Proposal]:
    """Decide the call as it is planned, for good; who is planned to get nothing, or was not thought of, is refused.

    Everybody who proposes something is told, with what reviewers say to them. Raises as `plan`.
    """
    call, proposals = _undecided(reference, by, at, mark)
    _check_fits(call, proposals, {})
    call.decided_at = at
    for proposal in proposals:
        proposal.granted_minutes = proposal.granted_minutes or 0
    record(
        call, "decided", by, at,
        minutes={
            each.reference: {it.offer.facility.slug: it.minutes for it in each.grants}
            for each in proposals
        },
    )  # fmt: skip
    for proposal in proposals:
        if proposal.granted_minutes:
            proposal.project = _award(call, proposal, by, at)
        _tell(proposal, by, at)
    return proposals


def _undecided(
    reference: str, by: Person, at: datetime, mark: str | None
) -> tuple[Call, Sequence[Proposal]]:
    """The call, locked, and what was handed in, as it is now: decisions come one after the other."""
    call = call_to_decide(reference, by=by, to_change=True)
    if call.state(at) != CallState.IN_REVIEW:
        raise NotInReview()
    fresh = (
        select(Proposal)
        .where(Proposal.call_id == call.id)
        .options(selectinload(Proposal.grants))
        .with_for_update()
    )
    db.session.scalars(fresh.execution_options(populate_existing=True)).all()
    proposals = proposals_in([call.id])
    if mark is not None and mark != mark_of(proposals):
        raise StaleVersion()
    return call, proposals


def _check_facilities(call: Call, grants: Mapping[str, Grant]) -> None:
    known = {each.facility.slug for each in call.offers}
    if any(set(grant.minutes) - known for grant in grants.values()):
        raise InvalidInput(fields={"minutes": lazy_gettext("Choose facilities of this call.")})


def _check_fits(call: Call, proposals: Sequence[Proposal], grants: Mapping[str, Grant]) -> None:
    """No facility gives more than it offered."""
    for offer in call.offers:
        slug = offer.facility.slug
        planned = (
            grants[each.reference].minutes.get(slug, 0)
            if each.reference in grants
            else each.granted_at(offer.facility_id) or 0
            for each in proposals
        )
        if not fits(planned, offer.minutes):
            raise TooManyHours(facility=slug)


def _write(grants: Mapping[Proposal, Grant], call: Call) -> None:
    """What gets less is written first: the database never sees more than there is."""
    wanted: list[tuple[Proposal | GrantedTime, str, int]] = []
    for proposal, grant in grants.items():
        proposal.answer = grant.answer
        wanted.append((proposal, "granted_minutes", sum(grant.minutes.values())))
        for offer in call.offers:
            minutes = grant.minutes.get(offer.facility.slug, 0)
            wanted.append((_granted(proposal, offer), "minutes", minutes))
    for row, name, minutes in sorted(wanted, key=_rise):
        setattr(row, name, minutes)
        db.session.flush()


def _rise(it: tuple[Proposal | GrantedTime, str, int]) -> int:
    row, name, minutes = it
    return minutes - (getattr(row, name) or 0)


def _granted(proposal: Proposal, offer: Offer) -> GrantedTime:
    found = next((it for it in proposal.grants if it.offer_id == offer.id), None)
    if found is None:
        found = GrantedTime(offer=offer, offer_id=offer.id, minutes=0)
        proposal.grants.append(found)
    return found


def _award(call: Call, proposal: Proposal, by: Person, at: datetime) -> Project:
    lead = proposal.lead
    project = ProjectDraft(
        titles={lead.language: proposal.title},
        kind=call.project_kind,
        field=proposal.field,
        lead=lead.email,
        agreement=call.agreement.reference if call.agreement else None,
        ends_on=call.ends_on,
    )
    times = [
        AllocationDraft(it.minutes, call.starts_on, call.ends_on, it.offer.facility.slug)
        for it in proposal.grants
        if it.minutes
    ]
    try:
        return award_project(project, proposal.people, times, by=by, at=at)
    except InvalidInput as refusal:
        name = f"hours-{proposal.reference}-{call.facility.slug}"
        raise InvalidInput(
            fields=dict.fromkeys([name], " ".join(map(str, refusal.fields.values())))
        ) from None


def _tell(proposal: Proposal, by: Person, at: datetime) -> None:
    what = "granted" if proposal.granted_minutes else "refused"
    said = (f"“{each}”" for each in comments_on(proposal))
    comment = "\n\n".join(filter(None, [proposal.answer, *said]))
    people = [each.id for each in proposal.people]
    proposal_changed.send(proposal, what=what, people=people, by=by, at=at, comment=comment)
