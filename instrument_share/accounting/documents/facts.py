"""What stands at the head of a statement, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale, gettext

from ...foundation.http import show
from ..models import Statement


def facts_of(statement: Statement) -> list[tuple[str, str]]:
    """Name and value pairs: who bills whom for which month, and the sums."""
    frozen = statement.snapshot
    totals, currency = frozen["totals"], frozen["currency"]
    return [
        (gettext("Number"), frozen["number"]),
        (gettext("Month"), month_shown(frozen["period"])),
        (gettext("Billed by"), party_shown(frozen["host"])),
        (gettext("Billed to"), party_shown(frozen["payer"])),
        (gettext("Issued"), issued_shown(statement)),
        (gettext("Instrument time"), show.minutes(totals["minutes"])),
        (gettext("List price"), show.money(totals["gross_minor"], currency)),
        (gettext("Discounts and waivers"), show.money(totals["discount_minor"], currency)),
        (gettext("Amount due"), show.money(totals["amount_minor"], currency)),
    ]


def month_shown(period: str) -> str:
    """`2026-10` as `October 2026` in the reader's language."""
    return format_skeleton("yMMMM", date.fromisoformat(f"{period}-01"), locale=get_locale())


def party_shown(party: Mapping[str, Any]) -> str:
    """An institution with its country and ROR id."""
    told = gettext(
        "%(institution)s, %(country)s",
        institution=show.localized(party["names"]),
        country=show.country(party["country"]),
    )
    return f"{told} ({party['ror']})" if party["ror"] else told


def issued_shown(statement: Statement) -> str:
    """When it was issued, on the host's clock."""
    host_zone = statement.snapshot["time_zone"]
    return show.zoned(datetime.fromisoformat(statement.snapshot["issued_at"]), host_zone)
