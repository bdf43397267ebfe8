"""A statement as it was issued: names, lines and sums that nothing later changes, as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..identity.models import Institution
from .models import ChargeLine
from .rules import Unit


def snapshot_of(
    number: str,
    period: str,
    host: Institution,
    payer: Institution,
    lines: Sequence[ChargeLine],
    at: datetime,
) -> dict[str, Any]:
    """What the statement's page and documents show from now on. It names no person."""
    return {
        "number": number,
        "period": period,
        "issued_at": _instant(at),
        "time_zone": host.time_zone,
        "host": _party(host),
        "payer": _party(payer),
        "currency": lines[0].currency,
        "lines": [_line(line) for line in lines],
        "totals": {
            "minutes": sum(each.quantity for each in lines if each.unit == Unit.INSTRUMENT_HOUR),
            "gross_minor": sum(line.gross_minor for line in lines),
            "discount_minor": sum(line.discount_minor for line in lines),
            "amount_minor": sum(line.amount_minor for line in lines),
        },
    }


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of the snapshot's canonical JSON (sorted keys, no spaces), in hexadecimal."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _party(institution: Institution) -> dict[str, Any]:
    return {
        "slug": institution.slug,
        "names": dict(institution.names),
        "country": institution.country,
        "ror": institution.ror,
    }


def _line(line: ChargeLine) -> dict[str, Any]:
    usage = line.usage
    return {
        "charge_line": line.id,
        "booking": usage.booking.reference,
        "instrument": usage.instrument.slug,
        "instrument_names": dict(usage.instrument.names),
        "time_zone": usage.instrument.time_zone,
        "access_mode": usage.booking.access_mode,
        "started_at": _instant(usage.started_at),
        "ended_at": _instant(usage.ended_at),
        "payer_category": str(line.payer_category),
        "agreement": line.agreement.reference if line.agreement else None,
        "unit": str(line.unit),
        "quantity": line.quantity,
        "rate_minor": line.rate_minor,
        "gross_minor": line.gross_minor,
        "discount_percent": line.discount_percent,
        "discount_minor": line.discount_minor,
        "amount_minor": line.amount_minor,
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
