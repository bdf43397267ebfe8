"""Reading proposals: one's own, and those of a call."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ....catalogue.models import Facility
from ....foundation.database import db
from ....foundation.errors import NotFound
from ....identity.models import Person
from ....identity.rules import Action
from .. import queries as calls
from ..models import Call, GrantedTime, Offer, Proposal, Wish, proposal_member
from ..reviewing.models import Reviewer


def proposal_of(reference: str, *, to_change: bool = False) -> Proposal:
    """The proposal with its people, wishes and call. Raises NotFound."""
    query = select(Proposal).where(Proposal.reference == reference).options(*WHOLE)
    if to_change:
        query = query.with_for_update(of=Proposal).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def own_proposal(reference: str, *, by: Person, to_change: bool = False) -> Proposal:
    """A proposal for those who propose it. Raises NotFound for everybody else."""
    proposal = proposal_of(reference, to_change=to_change)
    if not proposes(by, proposal):
        raise NotFound()
    return proposal


def proposals_by(person: Person, call: Call | None = None) -> Sequence[Proposal]:
    """What the person proposes, alone or with others, the latest first."""
    query = select(Proposal).where(_is_by(person)).options(*WHOLE).order_by(Proposal.id.desc())
    if call is not None:
        query = query.where(Proposal.call_id == call.id)
    return db.session.scalars(query).all()


def takes_part(person: Person, call: Call) -> bool:
    """Whether the person proposes something in this call that has not been withdrawn."""
    found = exists().where(
        Proposal.call_id == call.id, Proposal.state != "withdrawn", _is_by(person)
    )
    return bool(db.session.scalar(select(found)))


def judges(person: Person, call: Call) -> bool:
    """Whether the person was asked to review the proposals of a call, or decides it."""
    asked = exists().where(Reviewer.call_id == call.id, Reviewer.person_id == person.id)
    facilities = [each.facility for each in call.offers]
    decides = calls.may_everywhere(person, Action.DECIDE_CALL, facilities)
    return decides or bool(db.session.scalar(select(asked)))


def proposes(person: Person, proposal: Proposal) -> bool:
    return any(each.id == person.id for each in proposal.people)


def _is_by(person: Person) -> ColumnElement[bool]:
    return or_(
        Proposal.lead_id == person.id,
        exists().where(
            proposal_member.c.proposal_id == Proposal.id, proposal_member.c.person_id == person.id
        ),
    )


#: Everything that pages and services need of a proposal.
WHOLE = (
    joinedload(Proposal.call).joinedload(Call.facility).joinedload(Facility.host),
    joinedload(Proposal.lead).joinedload(Person.institution),
    joinedload(Proposal.project),
    joinedload(Proposal.file),
    selectinload(Proposal.members).joinedload(Person.institution),
    selectinload(Proposal.wishes).joinedload(Wish.instrument),
    selectinload(Proposal.grants).joinedload(GrantedTime.offer).joinedload(Offer.facility),
)
