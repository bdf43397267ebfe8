"""Pages of accounting: use and quotas, statements, a statement, billing a month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from ..foundation.clock import now
from ..foundation.errors import InvalidInput, Refusal
from ..foundation.http.paging import links
from ..foundation.http.schema import load
from ..foundation.transaction import perform
from ..identity.current import require_person
from . import queries, usage_page
from .charge_text import description_of
from .documents.facts import facts_of, month_shown
from .documents.snapshot_reader import billed_lines
from .downloads import download_of
from .institutions import institution_named
from .schemas import IssueStatements, StatementQuery, UsageQuery
from .services import issue_statements

blueprint = Blueprint("accounting", __name__)


@blueprint.get("/usage")
def usage() -> ResponseReturnValue:
    person, at = require_person(), now()
    query, errors = _asked_usage()
    page, minutes = queries.usage_of(person, **query)
    return render_template(
        "accounting/usage.html",
        quotas=queries.quotas_for(person, at.year),
        year=at.year,
        page=page,
        minutes=minutes,
        rows=usage_page.rows_of(page.items),
        describe=description_of,
        filters=usage_page.chosen(request.args),
        month=request.args.get("month", ""),
        errors=errors,
        paging=links(page),
    ), (422 if errors else 200)


@blueprint.get("/statements")
def statements() -> str:
    return _statements_page()


@blueprint.post("/statements")
def issue() -> ResponseReturnValue:
    person = require_person()
    try:
        wanted = load(IssueStatements(), _typed())
        issued = perform(
            issue_statements,
            wanted["period"],
            by=person,
            at=now(),
            host=institution_named(wanted["host"], field="host"),
            payer=institution_named(wanted["institution"], field="institution"),
        )
    except Refusal as error:
        return _statements_page(error), error.status
    flash(
        ngettext("%(num)s statement was issued.", "%(num)s statements were issued.", len(issued)),
        "success",
    )
    return redirect(url_for("accounting.statements", period=wanted["period"]))


@blueprint.get("/statements/<number>")
def statement(number: str) -> str:
    found = queries.statement_for(require_person(), number)
    return render_template(
        "accounting/statement.html",
        statement=found,
        month=month_shown(found.period),
        facts=[{"label": label, "value": value} for label, value in facts_of(found)],
        lines=billed_lines(found),
        describe=description_of,
    )


@blueprint.get("/statements/<number>.<any(pdf,xlsx,csv):kind>")
def statement_document(number: str, kind: str) -> Response:
    return download_of(queries.statement_for(require_person(), number), kind)


def _asked_usage() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the address asks for, and what is wrong with it; a wrong filter shows everything."""
    asked = {k: v for k, v in request.args.items() if v and k not in ("lang", "month")}
    try:
        return load(UsageQuery(unknown="exclude"), asked | _month(request.args.get("month"))), {}
    except InvalidInput as error:
        wrong = {"month" if name == "period" else name: text for name, text in error.fields.items()}
        return load(UsageQuery(), {}), wrong


def _month(text: str | None) -> dict[str, str]:
    """The instants of a month `YYYY-MM` in UTC, as reports count months."""
    if not text:
        return {}
    first = date.fromisoformat(f"{load(StatementQuery(), {'period': text})['period']}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return {
        name: datetime(day.year, day.month, 1, tzinfo=UTC).isoformat()
        for name, day in (("from", first), ("until", following))
    }


def _typed() -> dict[str, str]:
    return {
        name: value
        for name, value in request.form.items()
        if value and name in ("period", "host", "institution")
    }


def _statements_page(error: Refusal | None = None) -> str:
    person = require_person()
    query, errors = _asked_statements()
    page = queries.statements_of(person, **query)
    last_month = (now().date().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    return render_template(
        "accounting/statements.html",
        page=page,
        paging=links(page),
        asked=query,
        payers=queries.payers_seen_by(person),
        month_shown=month_shown,
        hosts=queries.hosts_billed_by(person),
        form=request.form or {"period": last_month},
        errors=errors | (error.by_field if error else {}),
    )


def _asked_statements() -> tuple[dict[str, Any], dict[str, Any]]:
    """Which statements the list shows; all of them, and what is wrong, where the address cannot be understood."""
    schema, args = StatementQuery(unknown="exclude"), request.args
    asked = {name: args[name] for name in ("institution", "page") if args.get(name)}
    month = args.get("month") or args.get("period")
    try:
        return load(schema, asked | ({"period": month} if month else {})), {}
    except InvalidInput as error:
        return load(schema, {}), {"month": error.fields.get("period", error.message)}
