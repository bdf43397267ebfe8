"""Whom liaisons and administrators look after, and the trail of what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import InvalidInput, NotFound
from ...foundation.http.paging import PageQuery, links
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from .. import queries, services, viewing
from ..acting import actor_of
from ..current import require_person
from ..models import Person
from ..rules import Permission, may, scopes_held, subject
from ..trail import queries as audit_trail
from ..trail.labels import KINDS
from ..trail.schemas import TrailQuery
from ..trail.shown import entries_shown

_ACTIONS: dict[str, Callable[..., Person]] = {
    "vouch": services.vouch,
    "suspend": services.suspend,
    "reinstate": services.reinstate,
}


def people() -> ResponseReturnValue:
    """People of my institution (a liaison) or of every one (an administrator)."""
    person = require_person()
    called = request.args.get("q", "").strip()[:200]
    page = queries.people_looked_after_by(person, **_paging(), called=called)
    actor = actor_of(person)
    return render_template(
        "identity/people.html",
        people=page.items,
        called=called,
        total=page.total,
        paging=links(page),
        administers=may(actor, Permission.GRANT_ROLE, subject()),
        vouches=bool(scopes_held(actor, Permission.VOUCH, "payer")),
        views=may(actor, Permission.VIEW_AS, subject()),
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
    """The audit trail, searched, the latest first."""
    person, (query, errors) = require_person(), _asked_trail()
    page = audit_trail.trail(person, **query)
    return render_template(
        "identity/trail.html",
        entries=entries_shown(page.items),
        total=page.total,
        paging=links(page),
        asked={name: request.args.get(name, "") for name in TrailQuery.asked},
        kinds=[(kind, label) for kind, label in KINDS.items()],
        errors=errors,
    ), (422 if errors else 200)


def _asked_trail() -> tuple[dict[str, Any], dict[str, Any]]:
    """What is searched for; everything, and what is wrong, where it cannot be understood."""
    try:
        return load(
            TrailQuery(), {name: value for name, value in request.args.items() if value}
        ), {}
    except InvalidInput as error:
        return load(TrailQuery(), {}), error.fields


def _paging() -> dict[str, int]:
    asked = {name: request.args[name] for name in ("page", "page_size") if name in request.args}
    return dict(load(PageQuery(), asked))
