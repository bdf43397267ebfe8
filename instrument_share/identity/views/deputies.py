"""Who stands in for me while I am away, and for whom I do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now, zone
from ...foundation.errors import Refusal
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from .. import services
from ..current import require_person
from ..labels import ROLES
from ..models import Deputy
from ..queries import deputies_named_by, lendable_grants, represented_by
from ..rules import Role, Scope
from ..schemas import AbsenceForm
from ..scope_names import names_of_scopes


def deputies() -> ResponseReturnValue:
    """The deputies of one's roles, now and later; POST names another one."""
    person = require_person()
    if request.method == "GET":
        return _page({})
    try:
        absence = load(AbsenceForm(), request.form)
        named = perform(services.name_deputy, absence, by=person, at=now())
    except Refusal as refusal:
        return _page(refusal.fields, refusal.status)
    flash(
        gettext("%(name)s is told and stands in for you.", name=named.deputy.display_name),
        "success",
    )
    return redirect(url_for("identity.deputies"))


def withdraw(deputy_id: int) -> ResponseReturnValue:
    perform(services.withdraw_deputy, deputy_id, by=require_person(), at=now())
    flash(gettext("The deputy has nothing of it any more."), "success")
    return redirect(url_for("identity.deputies"))


def _page(errors: Mapping[str, Any], status: int = 200) -> ResponseReturnValue:
    person, at = require_person(), now()
    grants = lendable_grants(person, at)
    named, represented = deputies_named_by(person, at), represented_by(person, at)
    scopes = [Scope(each.scope_kind, each.scope_id) for each in grants]
    scopes += [Scope(d.grant.scope_kind, d.grant.scope_id) for d in represented if d.grant]
    names = names_of_scopes(scopes)
    return (
        render_template(
            "identity/deputies.html",
            person=person,
            form=request.form if errors else {},
            errors=errors,
            roles=[
                (each.id, _role_in_words(each.role, Scope(each.scope_kind, each.scope_id), names))
                for each in grants
            ],
            named=[(each, _role_of(each, names)) for each in named],
            represented=[(each, _role_of(each, names)) for each in represented],
            today=at.astimezone(zone(person.time_zone)).date(),
        ),
        status,
    )


def _role_of(deputy: Deputy, names: Mapping[Scope, str]) -> str:
    if deputy.grant is None:
        return gettext("All roles")
    scope = Scope(deputy.grant.scope_kind, deputy.grant.scope_id)
    return _role_in_words(deputy.grant.role, scope, names)


def _role_in_words(role: str, scope: Scope, names: Mapping[Scope, str]) -> str:
    return gettext("%(role)s, for %(scope)s", role=ROLES[Role(role)], scope=names.get(scope, ""))
