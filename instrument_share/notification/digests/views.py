"""One's wishes, and the page behind a digest's unsubscribe link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from babel.dates import format_time, get_day_names
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from ...foundation.clock import now
from ...foundation.errors import InvalidInput
from ...foundation.http.limits import PUBLIC, limiter
from ...foundation.transaction import perform
from ...identity.current import require_person
from . import services
from .forms import GROUPS, PACES, form_of, wishes_from

blueprint = Blueprint("digests", __name__)


@blueprint.get("/account/notifications")
def wishes() -> ResponseReturnValue:
    return _page(form_of(services.wishes_of(require_person())))


@blueprint.post("/account/notifications")
def wish() -> ResponseReturnValue:
    person = require_person()
    try:
        perform(services.wish, wishes_from(request.form), by=person, at=now())
    except InvalidInput as refusal:
        fields = {name: str(text) for name, text in refusal.fields.items()}
        return _page(request.form, fields), refusal.status
    flash(gettext("Saved."), "success")
    return redirect(url_for("digests.wishes"))


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
@limiter.limit(PUBLIC)
def unsubscribe(token: str) -> ResponseReturnValue:
    """GET asks; POST does it, by the page's button or by a mail program alone (RFC 8058): no sign-in, no cookie."""
    if request.method == "POST":
        perform(services.unsubscribe, token, at=now())
    else:
        services.check_token(token)
    return render_template("notification/digests/unsubscribe.html", done=request.method == "POST")


def _page(form: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    locale = get_locale()
    days = get_day_names("wide", locale=locale)
    return render_template(
        "notification/digests/wishes.html",
        form=form,
        errors=errors or {},
        groups=GROUPS,
        paces=[(str(pace), str(label)) for pace, label in PACES.items()],
        hours=[(str(hour), format_time(time(hour), "short", locale=locale)) for hour in range(24)],
        weekdays=[(str(day), days[day]) for day in range(7)],
    )
