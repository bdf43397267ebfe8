"""The words for what became of invitations."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext, lazy_pgettext

from .rules import InvitationState

STATES: dict[str, tuple[LazyString, str]] = {
    InvitationState.OPEN: (lazy_gettext("Not answered yet"), "attention"),
    InvitationState.ACCEPTED: (lazy_pgettext("invitation", "Accepted"), "good"),
    InvitationState.WITHDRAWN: (lazy_pgettext("invitation", "Withdrawn"), "neutral"),
    InvitationState.EXPIRED: (lazy_pgettext("invitation", "Expired"), "neutral"),
    InvitationState.VOID: (lazy_gettext("Void: its sender is no longer liaison"), "neutral"),
}
