"""Pages of saved replies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ....foundation.clock import now
from ....foundation.errors import Forbidden, Refusal
from ....foundation.http.conditional import version_sent
from ....foundation.http.show import localized
from ....foundation.languages import LANGUAGES
from ....foundation.transaction import perform
from ....identity.current import require_person
from . import queries, services
from .forms import reply_from, values_of
from .models import SavedReply


def replies() -> ResponseReturnValue:
    """The replies of the reader's facilities; POST keeps a new one."""
    person = require_person()
    if not queries.facilities_decided_by(person):
        raise Forbidden()
    if request.method == "GET":
        return _list_page({}, {})
    try:
        wanted, facility = reply_from(request.form)
        perform(services.keep_reply, facility, wanted, by=person, at=now())
    except Refusal as error:
        return _list_page(request.form, error.fields), error.status
    flash(gettext("The reply is kept."), "success")
    return redirect(url_for("booking.replies"))


def reply(reply_id: int) -> ResponseReturnValue:
    """One reply and its form; POST changes it."""
    person = require_person()
    shown = queries.reply_for(person, reply_id)
    if request.method == "GET":
        return _reply_page(shown, values_of(shown), {})
    try:
        version, (wanted, _) = version_sent(), reply_from(request.form)
        perform(services.change_reply, reply_id, wanted, by=person, at=now(), version=version)
    except Refusal as error:
        return _reply_page(shown, request.form, error.by_field), error.status
    flash(gettext("The reply is kept."), "success")
    return redirect(url_for("booking.replies"))


def remove_reply(reply_id: int) -> ResponseReturnValue:
    perform(services.remove_reply, reply_id, by=require_person(), at=now())
    flash(gettext("The reply is removed."), "success")
    return redirect(url_for("booking.replies"))


def _list_page(form: Mapping[str, str], errors: Mapping[str, Any]) -> str:
    person = require_person()
    facilities = queries.facilities_decided_by(person)
    return render_template(
        "booking/desk/replies.html",
        replies=queries.replies_of(person),
        facilities=[(each.slug, localized(each.names)) for each in facilities],
        languages=_languages(),
        form=form,
        errors=errors,
    )


def _reply_page(shown: SavedReply, form: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    return render_template(
        "booking/desk/reply.html",
        reply=shown,
        languages=_languages(),
        form=form,
        errors=errors,
    )


def _languages() -> list[tuple[str, str, str]]:
    """Field, tag and own name of every language of the site."""
    return [(f"text_{index}", each.tag, each.name) for index, each in enumerate(LANGUAGES)]
