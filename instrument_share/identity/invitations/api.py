"""JSON calls of invitations: for liaisons."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_smorest import Blueprint

from ...foundation.clock import now
from ...foundation.http.arguments import arguments
from ...foundation.http.limits import SIGN_IN, WRITING, limiter
from ...foundation.http.paging import PageQuery
from ...foundation.transaction import perform
from ..current import require_person
from ..once import once
from . import queries, services
from .models import Invitation
from .rules import Guest, InvitationState
from .schemas import InvitationPage, InvitationSchema, InviteSchema
from .standing import states_of

blueprint = Blueprint(
    "invitations_api", __name__, url_prefix="/api/v1", description="Invitations to an institution"
)


@blueprint.get("/invitations")
@arguments(blueprint, PageQuery, location="query")
@blueprint.response(200, InvitationPage)
def list_invitations(query: dict[str, int]) -> dict[str, Any]:
    """The invitations of the institutions that the caller vouches for, the newest first."""
    page = queries.invitation_page(queries.vouched_for_by(require_person()), **query)
    states = states_of(page.items, now())
    return page.envelope([_invitation_out(each, states[each.id]) for each in page.items])


@blueprint.post("/invitations")
@limiter.limit(SIGN_IN)
@arguments(blueprint, InviteSchema)
@blueprint.response(201, InvitationSchema)
def invite(said: dict[str, str]) -> Any:
    """Send somebody a link by which they join. Who has an open invitation keeps it and gets no second mail.

    Repeat with the same `Idempotency-Key` to get the first answer again.
    """
    person, at = require_person(), now()
    institution = queries.own_institution(person, said["institution"])
    guest = Guest(said["email"], said["name"], said["language"])

    def answer() -> dict[str, Any]:
        invitation = services.invite(guest, institution, by=person, at=at)
        shown: dict[str, Any] = InvitationSchema().dump(
            _invitation_out(invitation, invitation.state_at(at))
        )
        return shown

    return jsonify(once(person, at, answer)), 201


@blueprint.delete("/invitations/<int:invitation_id>")
@limiter.limit(WRITING)
@blueprint.response(200, InvitationSchema)
def withdraw(invitation_id: int) -> dict[str, Any]:
    """Make the link void. An invitation that is over already stays as it is."""
    invitation = perform(services.withdraw, invitation_id, by=require_person(), at=now())
    return _invitation_out(invitation, invitation.state_at(now()))


def _invitation_out(invitation: Invitation, state: InvitationState) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "email": invitation.email,
        "name": invitation.name,
        "language": invitation.language,
        "institution": invitation.institution.slug,
        "state": state,
        "invited_by": invitation.invited_by.display_name,
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
    }
