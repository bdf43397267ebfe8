"""Pages of approval policies: where one may write them, what holds, the draft with its try-out, the versions before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access.screening.labels import CLASS_NAMES
from ...access.screening.rules import CLASSES
from ...catalogue.labels import MODES
from ...foundation.clock import now, zone
from ...foundation.errors import Forbidden, InvalidInput, Refusal
from ...foundation.http.conditional import version_sent
from ...foundation.http.paging import links
from ...foundation.http.schema import load
from ...foundation.http.show import localized
from ...foundation.transaction import perform
from ...identity.acting import actor_of
from ...identity.current import require_person
from ...identity.rules import Permission, may_somewhere
from ..shown import both_clocks
from . import listing, queries, services
from .bound import sentences, steps_above, steps_in_force
from .faults import MOST_STEPS
from .forms import Typed
from .in_force import InForce
from .labels import CONDITIONS, OFFICE_NAMES, PAYERS, SILENCES, differences, route_told, whole_told
from .places import Place, place_for
from .rules import BUILT_IN, Policy
from .trying import Trial, try_out

blueprint = Blueprint("policies", __name__)

#: A list that needs no search.
_SHORT = 10
_PLACE = "/manage/policies/<kind>/<slug>"


@blueprint.get("/manage/policies")
def index() -> str:
    """Every place whose policy the reader may write, and what decides there now."""
    person = require_person()
    if not may_somewhere(actor_of(person), Permission.MANAGE_POLICY):
        raise Forbidden()
    asked = load(listing.PlaceQuery(), request.args)
    rows = listing.listed(person, now())
    page = listing.page_of(rows, asked)
    shown = [(row, _source(row.place, row.in_force)) for row in page.items]
    return render_template(
        "booking/policies/index.html",
        rows=shown,
        asked={name: asked[name] for name in listing.PlaceQuery.asked},
        total=page.total,
        is_long=len(rows) > _SHORT,
        hosts=[(slug, localized(names)) for slug, names in listing.hosts_of(rows).items()],
        kinds=list(listing.KIND_NAMES.items()),
        kind_names=listing.KIND_NAMES,
        states=list(listing.STATES.items()),
        paging=links(page),
    )


@blueprint.get(_PLACE)
def show(kind: str, slug: str) -> str:
    """What holds there now, and every version before with what it changed."""
    place, at = place_for(require_person(), kind, slug), now()
    in_force = queries.in_force_at(place, at)
    versions = queries.versions_of(place)
    older = [*versions[1:], None]
    return render_template(
        "booking/policies/place.html",
        place=place,
        source=_source(place, in_force),
        steps=steps_in_force(in_force),
        sentences=whole_told(in_force.rules),
        draft=queries.draft_of(place),
        versions=[
            {
                "row": row,
                "starts": both_clocks(row.starts_at, place.host.time_zone) if row.starts_at else "",
                "is_in_force": row.id == in_force.id,
                "is_to_come": row.starts_at is not None and row.starts_at > at,
                "differences": differences(before.rules if before else BUILT_IN, row.rules),
            }
            for row, before in zip(versions, older, strict=False)
        ],
    )


@blueprint.route(f"{_PLACE}/draft", methods=["GET", "POST"])
def edit(kind: str, slug: str) -> ResponseReturnValue:
    """The draft: its buttons add, move and remove steps, try it on past requests, save it, or let it decide."""
    place = place_for(require_person(), kind, slug)
    draft = queries.draft_of(place)
    if request.method == "GET":
        rules = draft.rules if draft else _to_begin_with(queries.in_force_at(place, now()), place)
        typed = Typed.of(rules, draft.note if draft else "")
        return _editor(place, typed, draft.revision if draft else 0)
    typed = Typed.sent(request.form)
    revision = version_sent("revision")
    button = request.form.get("do", "")
    if button.partition("-")[0] in ("add", "remove", "up", "down"):
        typed.pressed(button)
        return _editor(place, typed, revision)
    return _do(place, button, typed, revision)


@blueprint.post(f"{_PLACE}/draft/discard")
def discard(kind: str, slug: str) -> ResponseReturnValue:
    place_for(
        require_person(), kind, slug
    )  # first: whoever may see nothing there is told nothing else
    perform(
        services.discard_draft,
        kind,
        slug,
        by=require_person(),
        at=now(),
        revision=version_sent("revision"),
    )
    flash(gettext("The draft is thrown away. What is in force stays."), "success")
    return redirect(url_for("policies.show", kind=kind, slug=slug))


def _do(place: Place, button: str, typed: Typed, revision: int) -> ResponseReturnValue:
    policy, errors = typed.read()
    try:
        first_day = _first_day(typed, errors) if button == "activate" else None
        draft = perform(_saved, place, policy, typed, errors, revision, button, first_day)
    except Refusal as refusal:
        named = refusal.by_field
        return _editor(place, typed, revision, errors | named, status=refusal.status)
    if button == "activate":
        flash(gettext("The policy decides on requests from the day that you chose on."), "success")
        return redirect(url_for("policies.show", kind=place.kind, slug=place.slug))
    if button != "try":
        flash(gettext("The draft is saved. It decides nothing until you activate it."), "success")
        for sentence in sentences(queries.binding_at(place, now())):
            flash(sentence, "info")
    trial = try_out(policy, place, now()) if button == "try" else None
    return _editor(place, typed, draft.revision, trial=trial)


def _to_begin_with(in_force: InForce, place: Place) -> Policy:
    """What the first draft says: what holds there, but for what is asked in any case."""
    if in_force.scope == place.scope:
        return in_force.rules
    free = tuple(step for step in in_force.rules.steps if not step.binding)
    return replace(in_force.rules, steps=free) if free else BUILT_IN


def _saved(
    place: Place,
    policy: Policy,
    typed: Typed,
    errors: Mapping[str, Any],
    revision: int,
    button: str,
    first_day: date | None,
) -> Any:
    """Save what was typed and, where that was pressed, let it decide: both or neither."""
    if errors:
        raise InvalidInput(fields=errors)
    by, at = require_person(), now()
    draft = services.save_draft(
        place.kind, place.slug, policy, typed.note, by=by, at=at, revision=revision
    )
    if button == "activate":
        services.activate(place.kind, place.slug, by=by, at=at, revision=None, first_day=first_day)
    return draft


def _first_day(typed: Typed, errors: dict[str, Any]) -> date | None:
    if not typed.first_day:
        return None
    try:
        return date.fromisoformat(typed.first_day)
    except ValueError:
        errors["first_day"] = gettext("Write the day as in 2026-12-01.")
        return None


def _editor(
    place: Place,
    typed: Typed,
    revision: int,
    errors: Mapping[str, Any] | None = None,
    *,
    trial: Trial | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "booking/policies/edit.html",
        place=place,
        typed=typed,
        revision=revision,
        errors=errors or {},
        trial=_trial_shown(trial, place) if trial else None,
        offices=[(str(role), name) for role, name in OFFICE_NAMES.items()],
        silences=[(str(silence), name) for silence, name in SILENCES.items()],
        conditions=[(name, words[0]) for name, words in CONDITIONS.items()],
        modes=[(str(mode), name) for mode, name in MODES.items()],
        payers=[(str(payer), name) for payer, name in PAYERS.items()],
        classes=[(str(each), CLASS_NAMES[each]) for each in CLASSES],
        bound=steps_above(queries.binding_at(place, now())),
        may_bind=place.kind != "instrument",
        today=_today(place, now()),
        is_full=len(typed.steps) >= MOST_STEPS,
    )
    return page, status


def _today(place: Place, at: datetime) -> str:
    return at.astimezone(zone(place.host.time_zone)).date().isoformat()


def _trial_shown(trial: Trial, place: Place) -> dict[str, Any]:
    return {
        "total": trial.total,
        "count": len(trial.changed),
        "changed": [
            {
                "reference": each.reference,
                "applicant": each.applicant,
                "instrument": localized(each.instrument),
                "sent": both_clocks(each.submitted_at, place.host.time_zone),
                "before": route_told(each.before),
                "after": route_told(each.after),
            }
            for each in trial.changed
        ],
    }


def _source(place: Place, in_force: InForce) -> str:
    """Where what holds comes from."""
    if in_force.scope is None:
        return gettext("The built-in policy")
    if in_force.scope == place.scope:
        return gettext("Its own policy, version %(number)s", number=in_force.version)
    if in_force.scope.kind == "institution":
        return gettext("The host's policy, version %(number)s", number=in_force.version)
    return gettext("The facility's policy, version %(number)s", number=in_force.version)
