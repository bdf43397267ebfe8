"""The site's main navigation, as short as what the reader may use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import request, url_for
from flask_babel import gettext
from flask_login import current_user

from ..identity.acting import actor_of
from ..identity.rules import Permission, may_somewhere, scopes_held
from ..notification.queries import unread_and_waiting
from .managing import desks_of


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool
    count: int | None = None


def navigation() -> list[Link]:
    """Links for whoever reads this page; visitors see the catalogue and help."""
    public = [
        _link(gettext("Instruments"), "catalogue.search"),
        _link(gettext("Schedule"), "schedule.timeline"),
    ]
    help_link = _link(gettext("Help"), "help.show")
    if not current_user.is_authenticated:
        return [*public, help_link]
    actor = actor_of(current_user)
    decides = may_somewhere(actor, Permission.SEE_QUEUE)
    unread, decisions = unread_and_waiting(current_user, decides=decides)
    own = [
        _link(gettext("My bookings"), "booking.index"),
        _link(gettext("Inbox"), "notification.inbox", unread),
    ]
    if decides:
        own.append(_link(gettext("Approvals"), "booking.approvals", decisions))
    if may_somewhere(actor, Permission.SEE_STATEMENT):
        own += [
            _link(gettext("Usage"), "accounting.usage"),
            _link(gettext("Statements"), "accounting.statements"),
        ]
    if scopes_held(actor, Permission.SEE_REPORT, "host"):
        own.append(_link(gettext("Reports"), "reporting.index"))
    if desks_of(actor):
        own.append(_link(gettext("Manage"), "managing.index"))
    return [*public, *own, help_link]


def _link(label: str, endpoint: str, count: int | None = None) -> Link:
    url = _address_of(endpoint, request.script_root)
    return Link(label, url, current=request.path == url, count=count)


@lru_cache(maxsize=64)
def _address_of(endpoint: str, _root: str) -> str:
    """The address of a page that takes no arguments, kept for each place that the site is mounted at."""
    return url_for(endpoint)
