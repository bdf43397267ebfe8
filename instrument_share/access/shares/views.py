"""The page on which the shares of a co-built facility are set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...catalogue.queries import facility_by_slug
from ...foundation.clock import now
from ...foundation.errors import Forbidden, InvalidInput
from ...foundation.transaction import perform
from ...identity.choices import institution_choices
from ...identity.current import require_person
from . import queries, services

blueprint = Blueprint("shares", __name__)

_SPARE_ROWS = 3


@blueprint.get("/facilities/<slug>/shares")
def edit(slug: str) -> str:
    """Which institution owns how many percent of the facility's time."""
    shares = queries.shares_of(facility_by_slug(slug))
    return _page(slug, [(each.institution.slug, str(each.percent)) for each in shares], {})


@blueprint.post("/facilities/<slug>/shares")
def save(slug: str) -> ResponseReturnValue:
    """Keep what was typed; or show it again with what is wrong."""
    names, parts = request.form.getlist("institution"), request.form.getlist("percent")
    typed = [row for row in zip(names, parts, strict=False) if row[0]]
    try:
        percents = _read(typed)
        perform(services.set_shares, slug, percents, by=require_person(), at=now())
    except InvalidInput as refusal:
        return _page(slug, typed, refusal.fields), refusal.status
    flash(gettext("It is saved."), "success")
    return redirect(url_for("catalogue.facility", slug=slug) + "#shares")


def _read(typed: list[tuple[str, str]]) -> dict[str, int]:
    percents: dict[str, int] = {}
    for slug, text in typed:
        if not (text.isascii() and text.isdigit()) or len(text) > 3 or slug in percents:
            sentence = lazy_gettext("Name each institution once, with a whole percentage.")
            raise InvalidInput(fields={"shares": sentence})
        percents[slug] = int(text)
    return percents


def _page(slug: str, rows: list[tuple[str, str]], errors: Mapping[str, Any]) -> str:
    facility = facility_by_slug(slug)
    if not queries.may_set(require_person(), facility):
        raise Forbidden()
    return render_template(
        "access/shares/form.html",
        facility=facility,
        rows=[*rows, *[("", "")] * _SPARE_ROWS],
        errors=errors,
        institutions=institution_choices(),
    )
