"""Rows of accounting as the JSON API gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..foundation.http import show
from ..foundation.money import decimal_text
from .charge_text import as_json, charged
from .documents.snapshot_reader import billed_lines
from .models import Statement, UsageRecord
from .queries import AgreementQuota


def usage_out(record: UsageRecord) -> dict[str, Any]:
    return {
        "booking": record.booking.reference,
        "instrument": record.instrument.slug,
        "institution": record.institution.slug if record.institution else None,
        "access_mode": record.booking.access_mode,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "minutes": record.minutes,
        "operator_minutes": record.operator_minutes,
        "samples": record.samples,
        "note": record.note,
        "charges": [
            as_json(charged(line, line.agreement.reference if line.agreement else None))
            for line in record.lines
        ],
    }


def quota_out(found: AgreementQuota) -> dict[str, Any]:
    return {
        "agreement": found.agreement.reference,
        "year": found.year,
        "granted_minutes": found.quota.granted,
        "carried_minutes": found.quota.carried,
        "reserved_minutes": found.quota.reserved,
        "used_minutes": found.quota.used,
        "left_minutes": found.quota.left,
    }


def statement_out(statement: Statement) -> dict[str, Any]:
    """A statement as it was issued, without its lines."""
    frozen = statement.snapshot
    return {
        "number": statement.number,
        "period": statement.period,
        "host": _party(frozen["host"]),
        "payer": _party(frozen["payer"]),
        "currency": statement.currency,
        "total": decimal_text(statement.total_minor, statement.currency),
        "minutes": statement.minutes,
        "issued_at": statement.issued_at,
    }


def statement_detail(statement: Statement) -> dict[str, Any]:
    """A statement as it was issued, line by line."""
    totals = statement.snapshot["totals"]
    return statement_out(statement) | {
        "gross": decimal_text(totals["gross_minor"], statement.currency),
        "discount": decimal_text(totals["discount_minor"], statement.currency),
        "digest": statement.digest,
        "lines": [
            as_json(line.charged)
            | {
                "booking": line.booking,
                "instrument": line.instrument,
                "access_mode": line.access_mode,
                "started_at": line.used.start,
                "ended_at": line.used.end,
            }
            for line in billed_lines(statement)
        ],
    }


def _party(party: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slug": party["slug"],
        "name": show.localized(party["names"]),
        "country": party["country"],
        "ror": party["ror"],
    }
