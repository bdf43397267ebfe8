"""Documents of an agreement: adding, fetching and removing them; its page lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ....files.http import send_stored, takes_files
from ....foundation.clock import now
from ....foundation.errors import InvalidInput
from ....foundation.transaction import perform
from ....identity.current import require_person
from ..models import Agreement
from . import queries, services
from .labels import KINDS, language_choices
from .schemas import DocumentForm, draft_from

blueprint = Blueprint(
    "agreement_documents", __name__, url_prefix="/agreements/<reference>/documents"
)


@blueprint.route("/new", methods=["GET", "POST"])
@takes_files
def add(reference: str) -> ResponseReturnValue:
    """The form of a document; what was typed is kept where it is refused, and the file is chosen again."""
    person = require_person()
    agreement = queries.agreement_to_document(person, reference)
    if request.method == "GET":
        return _form(agreement, {}, {})
    try:
        draft = draft_from(DocumentForm(), request.form)
        perform(services.add_document, reference, draft, by=person, at=now())
    except InvalidInput as refusal:
        return _form(agreement, request.form, refusal.fields), refusal.status
    flash(gettext("The document is added. The offices of both sides have it now."), "success")
    return _to_list(reference)


@blueprint.get("/<key>")
def read(reference: str, key: str) -> Response:
    agreement = queries.agreement_with_documents(require_person(), reference)
    return send_stored(queries.document_on(agreement, key).file)


@blueprint.post("/<key>/remove")
def remove(reference: str, key: str) -> ResponseReturnValue:
    perform(services.remove_document, reference, key, by=require_person(), at=now())
    flash(gettext("The document is removed."), "success")
    return _to_list(reference)


def _to_list(reference: str) -> ResponseReturnValue:
    return redirect(url_for("agreements.show", reference=reference) + "#documents")


def _form(agreement: Agreement, form: Mapping[str, str], errors: Mapping[str, Any]) -> str:
    return render_template(
        "access/agreements/document.html",
        agreement=agreement,
        form=form,
        errors=errors,
        kinds=list(KINDS.items()),
        languages=language_choices(),
    )
