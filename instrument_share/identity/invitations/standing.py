"""Whether somebody stands behind an invitation: a liaison's word counts as long as they are liaison."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ...foundation.database import db
from ..acting import IS_LIVE
from ..models import Deputy, Person, RoleGrant
from ..rules import Actor, Permission, Role, Scope, may, subject
from .models import Invitation
from .rules import InvitationState

#: Somebody, and the one role of theirs that is meant; None: all of them.
_Voice = tuple[int, int | None]


def states_of(invitations: Collection[Invitation], at: datetime) -> Mapping[int, InvitationState]:
    """What each is, by its id: an open one is void while nobody stands behind it. Two statements at most.

    A deputy invites in the name of whom they stand in for: that word lasts longer than the absence.
    """
    states = {each.id: each.state_at(at) for each in invitations}
    unanswered = [each for each in invitations if states[each.id] is InvitationState.OPEN]
    if unanswered:
        voices = _voices(unanswered)
        grants = _grants({person for spoken in voices.values() for person, _ in spoken}, at)
        for each in unanswered:
            if not _is_backed(each, voices[each.id], grants):
                states[each.id] = InvitationState.VOID
    return states


def _voices(invitations: Iterable[Invitation]) -> dict[int, set[_Voice]]:
    """Who gave their word with each: the inviter, and for whom they stood in when they did."""
    inviters = {each.invited_by_id for each in invitations}
    absences = db.session.execute(
        select(
            Deputy.deputy_id, Deputy.person_id, Deputy.grant_id, Deputy.starts_at, Deputy.ends_at
        ).where(Deputy.deputy_id.in_(inviters), Deputy.withdrawn_at.is_(None))
    ).all()
    return {
        each.id: {(each.invited_by_id, None)}
        | {
            (row.person_id, row.grant_id)
            for row in absences
            if row.deputy_id == each.invited_by_id
            and row.starts_at <= each.created_at < row.ends_at
        }
        for each in invitations
    }


def _grants(people: Collection[int], at: datetime) -> Sequence[Any]:
    """The roles that these people hold now; none of somebody suspended."""
    query = (
        select(
            RoleGrant.id, RoleGrant.person_id, RoleGrant.role,
            RoleGrant.scope_kind, RoleGrant.scope_id,
        )
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.person_id.in_(people), Person.suspended_at.is_(None), IS_LIVE)
    )  # fmt: skip
    return db.session.execute(query, {"today": at.date()}).all()


def _is_backed(
    invitation: Invitation,
    voices: set[_Voice],
    grants: Iterable[Any],
) -> bool:
    """Whether one of the voices may vouch for people of the institution now; a suspended inviter's counts no more."""
    own = subject(payer=(Scope("institution", invitation.institution_id),))
    held = frozenset(
        (Role(each.role), Scope(each.scope_kind, each.scope_id))
        for each in grants
        if {(each.person_id, None), (each.person_id, each.id)} & voices
    )
    return invitation.invited_by.is_active and may(Actor(0, None, held), Permission.VOUCH, own)
