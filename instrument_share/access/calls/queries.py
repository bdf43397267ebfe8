"""Reading calls: what everybody may know of them, and what those who look after them see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, not_, select
from sqlalchemy.orm import joinedload, selectinload

from ...catalogue.models import Facility, Instrument
from ...catalogue.rules import InstrumentStatus
from ...catalogue.within import facility_within
from ...foundation.database import db
from ...foundation.errors import Forbidden, NotFound
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import (
    Actor,
    Permission,
    Scope,
    Subject,
    may,
    may_somewhere,
    scopes_held,
    subject,
)
from .models import Call, Offer
from .proposing.models import Proposal
from .rules import CallState

#: What each facility gives, with its host.
_OFFERED = selectinload(Call.offers).joinedload(Offer.facility).joinedload(Facility.host)
#: So many calls are listed, the latest to close first.
MOST = 100


def call_of(reference: str, *, to_change: bool = False) -> Call:
    """The call with all that it says; locked where something under it is to change. Raises NotFound."""
    query = select(Call).where(Call.reference == reference).options(*_SAID)
    if to_change:
        query = query.with_for_update(of=Call).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def hold_call_of(proposal: str) -> None:
    """The call of a proposal stays as it is until the transaction ends, and is read as it is now: whoever decides it
    waits. It is locked before its proposals and reviewers, as wherever both are.
    """
    query = select(Call).join(Proposal, Proposal.call_id == Call.id)
    db.session.scalar(
        query.where(Proposal.reference == proposal)
        .with_for_update(of=Call, read=True, key_share=True)
        .execution_options(populate_existing=True)
    )


def announced_call(reference: str, person: Person | None, at: datetime) -> Call:
    """A call as anybody may read it; a draft only for those who look after it. Raises NotFound."""
    call = call_of(reference)
    if call.state(at) == CallState.DRAFT and not (person and may_manage(person, call)):
        raise NotFound()
    return call


def managed_call(reference: str, *, by: Person, to_change: bool = False) -> Call:
    """A call for whoever looks after it. Raises NotFound where `by` does not."""
    call = call_of(reference, to_change=to_change)
    if not may_manage(by, call):
        raise NotFound()
    return call


def announced_calls(at: datetime) -> Sequence[Call]:
    """Every call that was announced, the latest to close first."""
    return db.session.scalars(_listed().where(Call.announced_at <= at)).all()


def managed_calls(person: Person) -> Sequence[Call]:
    """The calls that the person looks after, drafts too. Raises Forbidden where they look after none anywhere."""
    check_manages(person)
    return db.session.scalars(_listed().where(is_managed_by(person))).all()


def check_manages(person: Person) -> None:
    """Raises Forbidden where the person could look after no call at all."""
    if not may_somewhere(actor_of(person), Permission.MANAGE_CALL):
        raise Forbidden()


def facilities_with_calls_of(person: Person) -> Sequence[Facility]:
    """The facilities for which the person may write calls."""
    query = (
        select(Facility)
        .where(
            _within(person), Facility.instruments.any(Instrument.status != InstrumentStatus.RETIRED)
        )
        .options(joinedload(Facility.host))
        .order_by(Facility.slug)
    )
    return db.session.scalars(query).all()


def may_manage(person: Person, call: Call) -> bool:
    return may_in(actor_of(person), Permission.MANAGE_CALL, call)


def may_in(actor: Actor, permission: Permission, call: Call) -> bool:
    return may_everywhere(actor, permission, [each.facility for each in call.offers])


def may_everywhere(actor: Actor, permission: Permission, facilities: Iterable[Facility]) -> bool:
    """Whether somebody may do this at each of them: whoever gives time of several speaks for every one."""
    return all(may(actor, permission, subject_of(each)) for each in facilities)


def subject_of(facility: Facility) -> Subject:
    """A facility's calls as the permission table sees them."""
    return subject(host=(Scope("facility", facility.id), Scope("institution", facility.host_id)))


def is_managed_by(person: Person) -> ColumnElement[bool]:
    """Condition on Call: every facility that gives time in it is theirs to speak for."""
    beyond = select(Offer.call_id).join(Offer.facility).where(not_(_within(person)))
    return Call.id.not_in(beyond)


def _within(person: Person) -> ColumnElement[bool]:
    return facility_within(scopes_held(actor_of(person), Permission.MANAGE_CALL, "host"))


def _listed() -> Select[Call]:
    return (
        select(Call)
        .options(joinedload(Call.facility), _OFFERED)
        .order_by(Call.closes_at.desc(), Call.id.desc())
        .limit(MOST)
    )


_SAID = (
    joinedload(Call.facility).joinedload(Facility.host),
    _OFFERED,
    joinedload(Call.agreement),
    selectinload(Call.instruments),
    selectinload(Call.criteria),
)
