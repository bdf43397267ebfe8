"""JSON calls of accounting: use, quotas and statements."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from ..foundation.clock import now
from ..foundation.http.arguments import arguments
from ..foundation.transaction import perform
from ..identity.current import require_person
from . import as_data, queries
from .downloads import download_of
from .institutions import institution_named
from .schemas import (
    IssuedOut,
    IssueStatements,
    QuotaList,
    QuotaQuery,
    StatementDetail,
    StatementPage,
    StatementQuery,
    UsagePage,
    UsageQuery,
)
from .services import issue_statements

blueprint = Blueprint(
    "accounting_api", __name__, url_prefix="/api/v1", description="Use, quotas and statements"
)


@blueprint.get("/usage")
@arguments(blueprint, UsageQuery, location="query")
@blueprint.response(200, UsagePage)
def usage(query: dict[str, Any]) -> dict[str, Any]:
    """What was really used, with its charge lines, the latest first."""
    page, minutes = queries.usage_of(require_person(), **query)
    return page.envelope([as_data.usage_out(each) for each in page.items]) | {"minutes": minutes}


@blueprint.get("/quotas")
@arguments(blueprint, QuotaQuery, location="query")
@blueprint.response(200, QuotaList)
def quotas(query: dict[str, Any]) -> dict[str, Any]:
    """Instrument time of agreements in a calendar year (UTC): granted, reserved, used and left."""
    year = query["year"] or now().year
    found = queries.quotas_for(require_person(), year, query["agreement"])
    items = [as_data.quota_out(each) for each in found]
    return {"items": items, "total": len(items), "page": 1, "page_size": max(len(items), 1)}


@blueprint.get("/statements")
@arguments(blueprint, StatementQuery, location="query")
@blueprint.response(200, StatementPage)
def statements(query: dict[str, Any]) -> dict[str, Any]:
    """Issued statements, the latest first."""
    page = queries.statements_of(require_person(), **query)
    return page.envelope([as_data.statement_out(each) for each in page.items])


@blueprint.post("/statements")
@arguments(blueprint, IssueStatements)
@blueprint.response(201, IssuedOut)
def issue(wanted: dict[str, Any]) -> dict[str, Any]:
    """Bill a month that is over: one frozen statement for each institution and currency."""
    person = require_person()
    issued = perform(
        issue_statements,
        wanted["period"],
        by=person,
        at=now(),
        host=institution_named(wanted["host"], field="host"),
        payer=institution_named(wanted["institution"], field="institution"),
    )
    return {"items": [as_data.statement_out(each) for each in issued], "total": len(issued)}


@blueprint.get("/statements/<number>")
@blueprint.response(200, StatementDetail)
def statement(number: str) -> dict[str, Any]:
    """A statement as it was issued, line by line."""
    return as_data.statement_detail(queries.statement_for(require_person(), number))


@blueprint.get("/statements/<number>.<any(pdf,xlsx,csv):kind>")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def statement_document(number: str, kind: str) -> Response:
    """A statement as PDF, workbook (xlsx) or comma-separated text, in the caller's language."""
    return download_of(queries.statement_for(require_person(), number), kind)
