"""Pages of reporting: the contribution report."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from ..foundation.clock import now
from ..foundation.errors import InvalidInput
from ..foundation.http.schema import load
from ..identity.current import require_person
from . import page, queries
from .downloads import download_of
from .schemas import ContributionQuery

blueprint = Blueprint("reporting", __name__)
#: Years offered to choose from: this one and those before it.
_YEARS = 6


@blueprint.get("/reports")
def index() -> ResponseReturnValue:
    person, today = require_person(), now().date()
    this_year = today.year
    asked, errors = _asked()
    try:
        report = queries.contribution_for(person, asked["year"] or this_year, asked["institution"])
    except InvalidInput as error:
        errors = errors | error.fields
        report = queries.contribution_for(person, this_year)
    shown = render_template(
        "reporting/contribution.html",
        report=report,
        today=today,
        years=[str(this_year - back) for back in range(_YEARS)],
        hosts=queries.hosts_reported_to(person),
        tiles=page.tiles_of(report),
        facts=page.facts_of(report),
        tables=page.tables_of(report),
        errors=errors,
    )
    return shown, (422 if errors else 200)


@blueprint.get("/reports/contribution.<any(xlsx,csv):kind>")
def contribution_file(kind: str) -> Response:
    query = load(ContributionQuery(unknown="exclude"), _filled())
    report = queries.contribution_for(
        require_person(), query["year"] or now().year, query["institution"]
    )
    return download_of(report, kind)


def _asked() -> tuple[dict[str, Any], dict[str, Any]]:
    """The year and institution that the address asks for, and what is wrong with it."""
    schema = ContributionQuery(unknown="exclude")
    try:
        return load(schema, _filled()), {}
    except InvalidInput as error:
        return load(schema, {}), error.fields


def _filled() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if value}
