"""JSON calls of reporting: the contribution report and utilisation."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import gettext
from flask_smorest import Blueprint

from ..foundation.clock import now
from ..foundation.errors import InvalidInput
from ..foundation.http import show
from ..foundation.http.arguments import arguments
from ..foundation.interval import Interval
from ..identity.current import require_person
from . import queries
from .contribution import Contribution
from .downloads import download_of, kind_wanted
from .figures import row_out, totals_out
from .rules import year_of
from .schemas import ContributionOut, ContributionQuery, UtilisationOut, UtilisationQuery

blueprint = Blueprint("reporting_api", __name__, url_prefix="/api/v1", description="Reports")


@blueprint.get("/reports/contribution")
@arguments(blueprint, ContributionQuery, location="query")
@blueprint.response(200, ContributionOut)
def contribution(query: dict[str, Any]) -> dict[str, Any] | Response:
    """The contribution report of a year; also as text/csv or as a workbook, by the Accept header."""
    year = query["year"] or now().year
    report = queries.contribution_for(require_person(), year, query["institution"])
    kind = kind_wanted(request.accept_mimetypes.best_match)
    return download_of(report, kind) if kind else _as_json(report)


@blueprint.get("/reports/utilisation")
@arguments(blueprint, UtilisationQuery, location="query")
@blueprint.response(200, UtilisationOut)
def utilisation(query: dict[str, Any]) -> dict[str, Any]:
    """Open and used minutes, and their ratio, over at most a year."""
    window = _window(query)
    rows = queries.utilisation_for(require_person(), window, query["by"])
    return {
        "since": window.start,
        "until": window.end,
        "by": query["by"].value,
        "items": [
            {
                "key": row.key,
                "name": show.localized(row.names),
                "open_minutes": row.open_minutes,
                "used_minutes": row.used_minutes,
                "share": row.share,
            }
            for row in rows
        ],
        "total": len(rows),
    }


def _window(query: dict[str, Any]) -> Interval:
    at = now()
    start, end = query["since"] or year_of(at.year).start, query["until"] or at
    if end <= start:
        raise InvalidInput(fields={"until": gettext("The end must lie after the start.")})
    return Interval(start, end)


def _as_json(report: Contribution) -> dict[str, Any]:
    tables = {
        f"by_{grouping}": [row_out(grouping, row) for row in rows]
        for grouping, rows in report.tables.items()
    }
    return {
        "year": report.year,
        "institution": report.institution.slug if report.institution else None,
        "since": report.window.start,
        "until": report.window.end,
        "totals": totals_out(report),
        **tables,
    }
