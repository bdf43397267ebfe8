"""The figures of the contribution report in their order, each with its word: for page, workbook and text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask_babel import gettext

from ..foundation.http import show
from ..foundation.money import decimal_text
from .contribution import Contribution
from .labels import name_of
from .rules import Grouping, Row, partner_share


def totals_out(report: Contribution) -> dict[str, Any]:
    """The report's totals as the JSON API gives them; money as decimal strings."""
    return {
        **asdict(report.sums),
        **asdict(report.reach),
        "partner_share": partner_share(report.reach, report.sums),
        **asdict(report.requests),
        "trained": report.trained,
        "fees": [
            {
                "currency": each.currency,
                "charged": decimal_text(each.charged_minor, each.currency),
                "discount": decimal_text(each.discount_minor, each.currency),
            }
            for each in report.fees
        ],
    }


def row_out(grouping: Grouping, row: Row) -> dict[str, Any]:
    return {"key": row.key, "name": name_of(grouping, row), **asdict(row.sums)}


def named_figures(report: Contribution) -> list[tuple[str, str | int]]:
    """Every total with its word, for people: (label, number of minutes, people … or a formatted text)."""
    share = partner_share(report.reach, report.sums)
    figures: list[tuple[str, str | int]] = [
        (gettext("Instrument time used (minutes)"), report.sums.used_minutes),
        (gettext("of it by partner countries (minutes)"), report.reach.partner_minutes),
        (gettext("Share of partner countries"), show.percent(share) if share is not None else "–"),
        (gettext("Uses"), report.sums.uses),
        (gettext("People served"), report.sums.people),
        (gettext("Institutions served"), report.reach.institutions),
        (gettext("Countries"), report.reach.countries),
        (gettext("Instruments used"), report.reach.instruments),
        (gettext("Samples measured"), report.sums.samples),
        (gettext("Operator time (minutes)"), report.sums.operator_minutes),
        (gettext("Requests submitted"), report.requests.asked),
        (gettext("Requests approved"), report.requests.approved),
        (gettext("Requests rejected"), report.requests.rejected),
        (gettext("People trained"), report.trained),
    ]
    return [*figures, *_named_fees(report)]


def _named_fees(report: Contribution) -> Iterator[tuple[str, str]]:
    """The same for what was charged and waived, in each currency."""
    for each in report.fees:
        yield (
            gettext("Fees charged (%(currency)s)", currency=each.currency),
            show.money(each.charged_minor, each.currency),
        )
        yield (
            gettext("Discounts and waivers (%(currency)s)", currency=each.currency),
            show.money(each.discount_minor, each.currency),
        )
