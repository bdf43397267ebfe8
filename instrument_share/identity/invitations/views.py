"""Pages of invitations: a liaison invites, somebody accepts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import Refusal
from ...foundation.http.limits import SIGN_IN, limiter
from ...foundation.http.show import localized
from ...foundation.transaction import perform
from ..choices import language_choices, zone_choices
from ..current import person_or_none, require_person
from ..views.joining import let_in
from . import queries, services
from .errors import ForAnotherAddress, HasAccount, InvitationOver
from .forms import account_from, guest_from
from .labels import STATES
from .standing import states_of

blueprint = Blueprint("invitations", __name__)


@blueprint.route("/manage/people/invitations", methods=["GET", "POST"])
@limiter.limit(SIGN_IN, methods=["POST"])
def index() -> ResponseReturnValue:
    """Whom the liaison invited, and the form to invite somebody."""
    person = require_person()
    if request.method == "GET":
        return _list_page({}, {})
    institution = queries.own_institution(person, request.form.get("institution"))
    try:
        guest = guest_from(request.form)
        perform(services.invite, guest, institution, by=person, at=now())
    except Refusal as error:
        return _list_page(request.form, error.fields), error.status
    flash(gettext("%(email)s gets a mail with the invitation.", email=guest.email), "success")
    return redirect(url_for("invitations.index"))


@blueprint.post("/manage/people/invitations/<int:invitation_id>/withdraw")
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """Make the link of an invitation void."""
    invitation = perform(services.withdraw, invitation_id, by=require_person(), at=now())
    told = gettext("The invitation of %(email)s is withdrawn.", email=invitation.email)
    flash(told, "success")
    return redirect(url_for("invitations.index"))


@blueprint.route("/join/invitation/<secret>", methods=["GET", "POST"])
@limiter.limit(SIGN_IN)
def accept(secret: str) -> ResponseReturnValue:
    """The link from the mail. Opening it changes nothing: programs that look into mails open links, too."""
    if request.method == "GET":
        return _accept_page(secret, {}, {})
    person = person_or_none()
    try:
        if person is not None:
            perform(services.accept, secret, by=person, at=now())
        else:
            profile, password = account_from(request.form)
            let_in(perform(services.accept_anew, secret, profile, password, at=now()))
    except HasAccount as refusal:
        flash(str(refusal.message), "info")
        target = url_for("invitations.accept", secret=secret)
        return redirect(url_for("identity.sign_in", next=target))
    except (ForAnotherAddress, InvitationOver):
        raise
    except Refusal as error:
        errors = error.by_field
        return _accept_page(secret, request.form, errors), error.status
    flash(gettext("Welcome! You can ask for instrument time now."), "success")
    return redirect(url_for("identity.account"))


def _list_page(form: Mapping[str, str], errors: Mapping[str, Any]) -> str:
    person, at = require_person(), now()
    own = queries.vouched_for_by(person)
    listed = queries.invitations_of(own)
    states = states_of(listed, at)
    return render_template(
        "identity/invitations/index.html",
        invitations=[(each, *STATES[states[each.id]]) for each in listed],
        institutions=[(each.slug, localized(each.names)) for each in own],
        languages_offered=language_choices(),
        own_language=person.language,
        form=form,
        errors=errors,
    )


def _accept_page(secret: str, form: Mapping[str, str], errors: Mapping[str, Any]) -> str:
    invitation, person = queries.open_invitation(secret, now()), person_or_none()
    if person is not None and person.email != invitation.email:
        raise ForAnotherAddress()
    return render_template(
        "identity/invitations/accept.html",
        invitation=invitation,
        person=person,
        languages_offered=language_choices(),
        zones=zone_choices(),
        form=form,
        errors=errors,
        here=url_for("invitations.accept", secret=secret),
    )
