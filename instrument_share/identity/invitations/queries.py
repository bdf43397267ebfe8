"""Reading invitations, and the institutions for which somebody may invite."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from ...foundation.database import db
from ...foundation.errors import Forbidden, NotFound
from ...foundation.http.paging import Page
from ..acting import actor_of
from ..models import Institution, Person
from ..rules import Permission, scopes_held
from . import links
from .errors import InvitationOver
from .models import Invitation
from .rules import InvitationState
from .standing import states_of

#: So many of the latest are listed.
_MOST = 200


def vouched_for_by(person: Person) -> Sequence[Institution]:
    """The institutions whose liaison the person is. Raises Forbidden where there is none."""
    held = scopes_held(actor_of(person), Permission.VOUCH, "payer")
    query = select(Institution).order_by(Institution.slug)
    if not held.everywhere:
        own = held.ids("institution")
        if not own:
            raise Forbidden()
        query = query.where(Institution.id.in_(own))
    return db.session.scalars(query).all()


def own_institution(person: Person, slug: str | None) -> Institution:
    """The institution of that slug, or the only one, that the person vouches for. Raises Forbidden, NotFound."""
    own = vouched_for_by(person)
    if not slug and len(own) == 1:
        return own[0]
    for each in own:
        if each.slug == slug:
            return each
    raise NotFound()


def invitations_of(institutions: Collection[Institution]) -> Sequence[Invitation]:
    """The latest invitations of these institutions, the newest first."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.institution_id.in_([each.id for each in institutions]))
        .options(joinedload(Invitation.institution), joinedload(Invitation.invited_by))
        .order_by(Invitation.id.desc())
        .limit(_MOST)
    ).all()


def invitation_page(
    institutions: Collection[Institution], page: int, page_size: int
) -> Page[Invitation]:
    """A page of all invitations of these institutions, the newest first."""
    theirs = Invitation.institution_id.in_([each.id for each in institutions])
    total = db.session.scalar(select(func.count()).select_from(Invitation).where(theirs)) or 0
    rows = db.session.scalars(
        select(Invitation)
        .where(theirs)
        .options(joinedload(Invitation.institution), joinedload(Invitation.invited_by))
        .order_by(Invitation.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    return Page(rows, total, page, page_size)


def unused_for(institution: Institution, emails: Collection[str]) -> dict[str, Invitation]:
    """Invitations that nobody accepted or withdrew, by mail address; they may have expired, or be void."""
    rows = db.session.scalars(
        select(Invitation)
        .where(
            Invitation.institution_id == institution.id,
            Invitation.email.in_(emails),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .options(joinedload(Invitation.invited_by))
    )
    return {each.email: each for each in rows}


def open_invitation(secret: str, at: datetime, *, to_change: bool = False) -> Invitation:
    """The invitation behind an address from a mail. Raises InvitationOver."""
    known = links.read(secret)
    if known is None:
        raise InvitationOver()
    query = select(Invitation).where(Invitation.id == known[0], Invitation.email == known[1])
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None or states_of([found], at)[found.id] is not InvitationState.OPEN:
        raise InvitationOver()
    return found
