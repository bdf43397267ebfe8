"""Reading proposals: one's own, and those of a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from sqlalchemy import ColumnElement, exists, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from ....catalogue.models import Facility
from ....foundation.database import db
from ....foundation.errors import NotFound
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Actor, Permission
from .. import queries as calls
from ..models import Call, Offer
from ..reviewing.models import Reviewer
from ..rules import ProposalState
from .models import GrantedTime, Proposal, Wish, proposal_member


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


def is_own_matter(person: Person, call: Call, permission: Permission) -> bool:
    """Whether the person proposes something in this call, or may do this there only for somebody who does."""
    actor = actor_of(person)
    concerned = _proposing({person.id, *(each.holder_id for each in actor.lent)}, call)
    if person.id in concerned:
        return True
    impartial = reduce(Actor.without, concerned, actor)
    return calls.may_in(actor, permission, call) and not calls.may_in(impartial, permission, call)


def _proposing(people: Iterable[int], call: Call) -> set[int]:
    """Those of them who propose something that has not been withdrawn."""
    own = select(Proposal.id).where(
        Proposal.call_id == call.id, Proposal.state != ProposalState.WITHDRAWN
    )
    leading = select(Proposal.lead_id).where(Proposal.id.in_(own), Proposal.lead_id.in_(people))
    named = select(proposal_member.c.person_id).where(
        proposal_member.c.proposal_id.in_(own), proposal_member.c.person_id.in_(people)
    )
    return set(db.session.scalars(union(leading, named)))


def judges(person: Person, call: Call) -> bool:
    """Whether the person was asked to review the proposals of a call, or decides it."""
    asked = exists().where(Reviewer.call_id == call.id, Reviewer.person_id == person.id)
    decides = calls.may_in(actor_of(person), Permission.DECIDE_CALL, call)
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
