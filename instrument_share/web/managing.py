"""The page from which everything that the reader looks after is reached: as short as what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask_babel import LazyString, lazy_gettext

from ..foundation.errors import Forbidden
from ..identity.acting import actor_of
from ..identity.current import require_person
from ..identity.rules import Actor, Permission, scopes_held

blueprint = Blueprint("managing", __name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of work, told to whoever holds one of the permissions somewhere on that side."""

    label: LazyString
    text: LazyString
    endpoint: str
    opened_by: tuple[tuple[Permission, str], ...]


DESKS = (
    Desk(
        lazy_gettext("Approvals"),
        lazy_gettext("Requests that wait for your decision, the most urgent first."),
        "booking.approvals",
        ((Permission.SEE_QUEUE, "host"),),
    ),
    Desk(
        lazy_gettext("Your instruments"),
        lazy_gettext("Texts, opening hours, rules, closures and blocked time."),
        "catalogue.managed_instruments",
        ((Permission.MANAGE_INSTRUMENT, "host"),),
    ),
    Desk(
        lazy_gettext("Approval policies"),
        lazy_gettext("Who decides on requests, by when, and what silence means."),
        "policies.index",
        ((Permission.MANAGE_POLICY, "host"),),
    ),
    Desk(
        lazy_gettext("Saved replies"),
        lazy_gettext("What you often say to applicants, in their languages."),
        "booking.replies",
        ((Permission.SEE_QUEUE, "host"),),
    ),
    Desk(
        lazy_gettext("Training"),
        lazy_gettext("Offer places, see who comes, and say afterwards who passed."),
        "training.manage_index",
        ((Permission.QUALIFY, "host"),),
    ),
    Desk(
        lazy_gettext("Screening"),
        lazy_gettext(
            "Answers that need your decision come first. Nobody but you and the person sees them."
        ),
        "screening.queue",
        ((Permission.SCREEN_SAFETY, "host"), (Permission.SCREEN_ABROAD, "host")),
    ),
    Desk(
        lazy_gettext("People"),
        lazy_gettext("Vouch for the people of your institution; suspend an account."),
        "identity.people",
        ((Permission.VOUCH, "payer"), (Permission.GRANT_ROLE, "host")),
    ),
    Desk(
        lazy_gettext("Institutions"),
        lazy_gettext("Who asks to take part: admit them, or decline and say why."),
        "applications.index",
        ((Permission.ADMIT_INSTITUTION, "host"),),
    ),
    Desk(
        lazy_gettext("Roles"),
        lazy_gettext("Who may do what here, from when until when, and why."),
        "roles.index",
        ((Permission.SEE_ROLES, "host"),),
    ),
    Desk(
        lazy_gettext("Agreements"),
        lazy_gettext("What was agreed with partner institutions, and what is left of the quotas."),
        "agreements.index",
        ((Permission.MANAGE_AGREEMENT, "host"), (Permission.VOUCH, "payer")),
    ),
    Desk(
        lazy_gettext("Joint projects"),
        lazy_gettext("Their members, and the instrument time that was allocated to them."),
        "projects.index",
        ((Permission.MANAGE_PROJECT, "host"), (Permission.ALLOCATE_TIME, "host")),
    ),
    Desk(
        lazy_gettext("Calls for proposals"),
        lazy_gettext("Announce them, appoint reviewers, and give the hours to the best."),
        "calls.manage_index",
        ((Permission.MANAGE_CALL, "host"),),
    ),
    Desk(
        lazy_gettext("Audit trail"),
        lazy_gettext("Everything that was decided, granted and changed, in order."),
        "identity.trail",
        ((Permission.SEE_AUDIT, "host"),),
    ),
)


def desks_of(actor: Actor) -> list[Desk]:
    """What the actor looks after."""
    return [
        desk
        for desk in DESKS
        if any(scopes_held(actor, permission, side) for permission, side in desk.opened_by)
    ]


@blueprint.get("/manage")
def index() -> str:
    """Everything that the reader looks after. Raises Forbidden where that is nothing."""
    desks = desks_of(actor_of(require_person()))
    if not desks:
        raise Forbidden()
    return render_template(
        "managing.html",
        desks=[
            {"label": desk.label, "text": desk.text, "url": url_for(desk.endpoint)}
            for desk in desks
        ],
    )
