"""The page of roles: who may do what here, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import Forbidden, Refusal
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.acting import actor_of
from ...identity.current import require_person
from ...identity.labels import ROLES
from ...identity.models import Person, RoleGrant
from ...identity.queries import names_of
from ...identity.rules import Scope
from . import places, queries, services, shown
from .places import Place
from .rules import roles_given_by
from .schemas import RoleForm

blueprint = Blueprint("roles", __name__)


@blueprint.get("/manage/roles")
def index() -> ResponseReturnValue:
    """Who holds a role at a place (`?place=facility:slug`), and with `?email=` what somebody may do there."""
    person = require_person()
    seen = places.places_seen_by(actor_of(person))
    if not seen:
        raise Forbidden()
    asked = request.args.get("place") or seen[0].address
    return _page(person, seen, services.seen_place(asked, person))


@blueprint.post("/manage/roles")
def give() -> ResponseReturnValue:
    """Give a role for a place."""
    person = require_person()
    try:
        place, wanted = load(RoleForm(), request.form)
        perform(services.give_role, wanted, place, by=person, at=now())
    except Refusal as error:
        at = services.seen_place(request.form.get("place", ""), person)
        seen = places.places_seen_by(actor_of(person))
        errors = error.by_field
        return _page(person, seen, at, errors), error.status
    flash(gettext("The role is given."), "success")
    return redirect(url_for("roles.index", place=place))


@blueprint.post("/manage/roles/<int:grant_id>/withdraw")
def withdraw(grant_id: int) -> ResponseReturnValue:
    """Take a role back."""
    grant = perform(services.take_role, grant_id, by=require_person(), at=now())
    flash(gettext("The role is taken back and no longer holds."), "success")
    place = places.place_of(Scope(grant.scope_kind, grant.scope_id))
    return redirect(url_for("roles.index", place=place.address))


def _page(
    person: Person, seen: list[Place], place: Place, errors: Mapping[str, Any] | None = None
) -> str:
    grants = queries.grants_at(place)
    names = places.names_of(place.covering)
    actor = actor_of(person)
    return render_template(
        "access/roles/index.html",
        place=place,
        place_name=shown.place_name(place),
        places=shown.place_options(seen if place in seen else [*seen, place]),
        rows=shown.rows_of(
            grants, names, names_of(g.granted_by_id for g in grants if g.granted_by_id),
            actor, place, now().date(),
        ),
        offered=[(role, ROLES[role]) for role in roles_given_by(actor, place.scope.kind, place.subject)],
        asked=_asked(place, grants, names),
        table=shown.table_of_roles(),
        form=request.form,
        errors=errors or {},
    )  # fmt: skip


def _asked(
    place: Place, grants: Sequence[RoleGrant], names: dict[Scope, Any]
) -> dict[str, Any] | None:
    """What somebody may do here, when they hold a role at the place; nobody else is told of."""
    email = request.args.get("email", "").strip()
    if not email:
        return None
    found = next((each.person for each in grants if each.person.email == email.lower()), None)
    if found is None:
        return {"email": email, "person": None}
    return {
        "email": email,
        "person": found,
        "reasons": shown.reasons_shown(queries.reasons_of(found, place), names),
    }
