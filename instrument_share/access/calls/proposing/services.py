"""Proposals are written and changed until the call closes, handed in, withdrawn, and left."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm.attributes import flag_modified

from ....files.services import keep_file
from ....foundation.database import db
from ....foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from ....foundation.identifiers import new_reference
from ....foundation.signals import proposal_changed
from ....identity import audit
from ....identity.models import Person
from ....identity.queries import person_by_email
from ...training.errors import MailUnproved
from .. import queries as calls
from ..errors import JudgesIt, NotOpen
from ..models import Call
from ..rules import CallState, ProposalState
from ..values import ProposalDraft
from .models import Proposal, Wish
from .queries import judges, own_proposal


def write_proposal(
    call_reference: str, draft: ProposalDraft, *, submit: bool, by: Person, at: datetime
) -> Proposal:
    """Keep a proposal as a draft, or hand it in at once. Raises NotFound, NotOpen, MailUnproved, InvalidInput,
    and UnacceptableFile."""
    call = calls.announced_call(call_reference, None, at)
    proposal = Proposal(
        reference=new_reference("PROP", 6), call=call, lead=by, lead_id=by.id, created_at=at,
        state=ProposalState.DRAFT, members=[], wishes=[], version=1,
    )  # fmt: skip
    _check_open(call, at)
    db.session.add(proposal)
    with db.session.no_autoflush:
        _keep(proposal, draft, submit, by, at)
    return proposal


def change_proposal(
    reference: str,
    draft: ProposalDraft,
    *,
    submit: bool,
    by: Person,
    at: datetime,
    version: int | None = None,
) -> Proposal:
    """Write a proposal anew, and hand it in if it is not yet. One that was handed in stays so.

    Raises NotFound, Forbidden for those who only propose it with the lead, StaleVersion, NotOpen, InvalidInput.
    """
    proposal = _led(reference, by, at)
    if version is not None and version != proposal.version:
        raise StaleVersion(version=proposal.version)
    flag_modified(proposal, "title")  # the version rises, too, where only people or wishes change
    _keep(proposal, draft, submit or proposal.state == ProposalState.SUBMITTED, by, at)
    return proposal


def withdraw(reference: str, *, by: Person, at: datetime) -> Proposal:
    """Take a proposal back, until the call is decided. It stays with those who wrote it."""
    proposal = _led(reference, by, at, until_decided=True)
    proposal.state = ProposalState.WITHDRAWN
    proposal.granted_minutes, proposal.answer = None, ""  # what was planned for it is free again
    proposal.grants.clear()
    _tell(proposal, "withdrawn", [], by, at)
    return proposal


def leave(reference: str, *, by: Person, at: datetime) -> Proposal:
    """Take part in a proposal no longer; its lead is told.

    Raises NotFound, Forbidden for the lead, NotOpen once the call is decided, and from its deadline on JudgesIt for
    whoever reviews or decides it: what they proposed would be a stranger's to them.
    """
    proposal = _own(reference, by)
    if proposal.lead_id == by.id:
        raise Forbidden()
    state = proposal.call.state(at)
    if state == CallState.DECIDED:
        raise NotOpen()
    if state == CallState.IN_REVIEW and judges(by, proposal.call):
        raise JudgesIt()
    proposal.members.remove(by)
    _tell(proposal, "left", [proposal.lead_id], by, at)
    return proposal


def _own(reference: str, by: Person) -> Proposal:
    """The proposal, locked, in a call that is not decided meanwhile."""
    calls.hold_call_of(reference)
    return own_proposal(reference, by=by, to_change=True)


def _led(reference: str, by: Person, at: datetime, *, until_decided: bool = False) -> Proposal:
    proposal = _own(reference, by)
    if proposal.lead_id != by.id:
        raise Forbidden()
    if until_decided and proposal.call.state(at) == CallState.IN_REVIEW:
        return proposal
    _check_open(proposal.call, at)
    if proposal.state == ProposalState.WITHDRAWN:
        raise NotFound()
    return proposal


def _check_open(call: Call, at: datetime) -> None:
    if call.state(at) != CallState.OPEN:
        raise NotOpen()


def _keep(proposal: Proposal, draft: ProposalDraft, submit: bool, by: Person, at: datetime) -> None:
    before = {each.id for each in proposal.members}
    was_draft = proposal.state == ProposalState.DRAFT
    proposal.members = _people(draft, by)
    proposal.title, proposal.abstract, proposal.field = draft.title, draft.abstract, draft.field
    _wish(proposal, draft)
    if draft.file is not None:
        proposal.file = keep_file(draft.file, by=by, at=at)
    if submit:
        if by.mail_verified_at is None:
            raise MailUnproved()
        _check_whole(proposal)
        proposal.state, proposal.submitted_at = ProposalState.SUBMITTED, at
    if not submit or not was_draft:
        _tell(proposal, "changed", [], by, at)
    if submit and was_draft:
        _tell(proposal, "submitted", [by.id], by, at)
    if submit:
        new = [it.id for it in proposal.members if was_draft or it.id not in before]
        _tell(proposal, "named", new, by, at)


def _wish(proposal: Proposal, draft: ProposalDraft) -> None:
    """Wishes in place: one row for an instrument."""
    if not set(draft.wishes) <= {each.slug for each in proposal.call.instruments}:
        raise InvalidInput(fields={"wishes": lazy_gettext("Choose instruments of this call.")})
    there = {each.instrument.slug: each for each in proposal.wishes}
    for instrument in proposal.call.instruments:
        minutes, row = draft.wishes.get(instrument.slug, 0), there.get(instrument.slug)
        if row is not None and minutes:
            row.minutes = minutes
        elif row is not None:
            proposal.wishes.remove(row)
        elif minutes:
            proposal.wishes.append(
                Wish(instrument=instrument, instrument_id=instrument.id, minutes=minutes)
            )


def _check_whole(proposal: Proposal) -> None:
    faults = {
        "abstract": not proposal.abstract and lazy_gettext("Say what you want to do and why."),
        "wishes": not proposal.wishes and lazy_gettext("Ask for hours of one instrument at least."),
    }
    wrong = {name: sentence for name, sentence in faults.items() if sentence}
    if wrong:
        raise InvalidInput(fields=wrong)


def _people(draft: ProposalDraft, by: Person) -> list[Person]:
    found = {email: person_by_email(email) for email in draft.with_whom}
    for email, person in found.items():
        if person is None or not person.is_active:
            sentence = gettext("Nobody has an account with the address %(email)s.", email=email)
            raise InvalidInput(fields={"with_whom": sentence})
    people = {person.id: person for person in found.values() if person and person.id != by.id}
    return list(people.values())


def _tell(proposal: Proposal, what: str, people: list[int], by: Person, at: datetime) -> None:
    db.session.flush()
    if what != "named":
        audit.record(f"proposal.{what}", "proposal", proposal.reference, by=by.id, at=at)
    if people:
        proposal_changed.send(proposal, what=what, people=people, by=by, at=at, comment="")
