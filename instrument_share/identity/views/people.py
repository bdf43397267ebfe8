"""Whom liaisons and administrators look after, and the trail of what happened."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import NotFound
from ...foundation.http.paging import PageQuery, links
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from .. import queries, services, viewing
from ..current import require_person
from ..models import Person
from ..queries import actor_of
from ..rules import Action, may, scopes_held, subject

_ACTIONS: dict[str, Callable[..., Person]] = {
    "vouch": services.vouch,
    "suspend": services.suspend,
    "reinstate": services.reinstate,
}


def people() -> ResponseReturnValue:
    """People of my institution (a liaison) or of every one (an administrator)."""
    person = require_person()
    page = queries.people_looked_after_by(person, **_paging())
    actor = actor_of(person)
    return render_template(
        "identity/people.html",
        people=page.items,
        paging=links(page),
        administers=may(actor, Action.GRANT_ROLE, subject()),
        vouches=bool(scopes_held(actor, Action.VOUCH, "payer")),
        views=may(actor, Action.VIEW_AS, subject()),
    )


def look_after(person_id: int, action: str) -> ResponseReturnValue:
    if action not in _ACTIONS:
        raise NotFound()
    changed = perform(_ACTIONS[action], person_id, by=require_person(), at=now())
    told = {
        "vouch": gettext("%(name)s may book now.", name=changed.display_name),
        "suspend": gettext("The account of %(name)s is suspended.", name=changed.display_name),
        "reinstate": gettext("The account of %(name)s is open again.", name=changed.display_name),
    }
    flash(told[action], "success")
    return redirect(url_for("identity.people"))


def view_as(person_id: int) -> ResponseReturnValue:
    """See the site as somebody else does, changing nothing."""
    person = perform(services.view_as, person_id, by=require_person(), at=now())
    viewing.begin(person)
    return redirect(url_for("catalogue.search"))


def stop_viewing() -> ResponseReturnValue:
    """Be oneself again."""
    viewed = viewing.end()
    if viewed is not None:
        perform(services.viewing_ended, viewed, by=require_person(), at=now())
    return redirect(url_for("identity.people"))


def trail() -> ResponseReturnValue:
    """The audit trail, the latest first."""
    page = queries.trail(require_person(), **_paging())
    names = queries.names_of(entry.actor_id for entry in page.items if entry.actor_id)
    return render_template(
        "identity/trail.html", entries=page.items, paging=links(page), names=names
    )


def _paging() -> dict[str, int]:
    asked = {name: request.args[name] for name in ("page", "page_size") if name in request.args}
    return dict(load(PageQuery(), asked))
