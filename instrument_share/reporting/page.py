"""How the page of the contribution report shows its figures: each leads to the rows behind it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from ..foundation.http import show
from .contribution import Contribution
from .labels import HEADINGS, TITLES, name_of
from .rules import Grouping, Row, partner_share

#: Tables that are drawn, and how; instruments are too many for a picture.
_CHARTS = {
    Grouping.COUNTRY: "bar",
    Grouping.INSTITUTION: "bar",
    Grouping.FIELD: "bar",
    Grouping.MODE: "doughnut",
}


def tiles_of(report: Contribution) -> list[dict[str, Any]]:
    """The big numbers on top."""
    share = partner_share(report.reach, report.sums)
    rows = rows_url(report)
    return [
        {"label": gettext("Instrument time used"), "value": show.minutes(report.sums.used_minutes), "url": rows},
        {
            "label": gettext("Share of partner countries"),
            "value": show.percent(share) if share is not None else "–",
            "note": gettext(
                "%(time)s by institutions of countries other than the host's",
                time=show.minutes(report.reach.partner_minutes),
            ),
        },
        {"label": gettext("Uses"), "value": show.number(report.sums.uses), "url": rows},
        {"label": gettext("People served"), "value": show.number(report.sums.people)},
        {"label": gettext("Countries"), "value": show.number(report.reach.countries), "url": "#country"},
        {
            "label": gettext("Institutions served"),
            "value": show.number(report.reach.institutions),
            "url": "#institution",
        },
        {"label": gettext("Instruments used"), "value": show.number(report.reach.instruments), "url": "#instrument"},
        {"label": gettext("Samples measured"), "value": show.number(report.sums.samples), "url": rows},
    ]  # fmt: skip


def facts_of(report: Contribution) -> list[dict[str, str]]:
    """What goes with the year beside its use."""
    requests = report.requests
    facts = [
        (gettext("Requests submitted"), show.number(requests.asked)),
        (gettext("of them approved"), show.number(requests.approved)),
        (gettext("of them rejected"), show.number(requests.rejected)),
        (gettext("People trained"), show.number(report.trained)),
        (gettext("Operator time"), show.minutes(report.sums.operator_minutes)),
    ]
    for each in report.fees:
        facts += [
            (gettext("Fees charged"), show.money(each.charged_minor, each.currency)),
            (gettext("Discounts and waivers"), show.money(each.discount_minor, each.currency)),
        ]
    return [{"label": label, "value": value} for label, value in facts]


def tables_of(report: Contribution) -> list[dict[str, Any]]:
    """Every table that has rows, ready for the table component."""
    return [
        {
            "id": str(grouping),
            "caption": TITLES[grouping],
            "chart": _CHARTS.get(grouping, ""),
            "columns": _columns(grouping),
            "rows": [_row(report, grouping, row) for row in rows],
            "total": None if grouping is Grouping.FIELD else _total(report),
        }
        for grouping, rows in report.tables.items()
        if rows
    ]


def rows_url(report: Contribution, grouping: Grouping | None = None, key: str | None = None) -> str:
    """The address of the use behind a figure."""
    asked = {
        "served": "1",
        "from": report.window.start.isoformat(),
        "until": report.window.end.isoformat(),
    }
    if report.institution:
        asked["host" if report.institution.is_host else "institution"] = report.institution.slug
    if grouping and key:
        asked[grouping] = key
    return f"{url_for('accounting.usage')}?{urlencode(asked)}"


def _columns(grouping: Grouping) -> list[dict[str, Any]]:
    return [
        {"key": "name", "label": HEADINGS[grouping]},
        {
            "key": "minutes",
            "label": gettext("Instrument time (hours)"),
            "kind": "minutes",
            "drawn": True,
        },
        {"key": "uses", "label": gettext("Uses"), "kind": "number"},
        {"key": "people", "label": gettext("People"), "kind": "number"},
        {"key": "samples", "label": gettext("Samples"), "kind": "number"},
    ]


def _row(report: Contribution, grouping: Grouping, row: Row) -> dict[str, Any]:
    text = show.minutes(row.sums.used_minutes)
    if row.key:
        text = Markup('<a href="{}">{}</a>').format(rows_url(report, grouping, row.key), text)
    return {
        "name": name_of(grouping, row),
        "minutes": show.Figure(text, row.sums.used_minutes / 60),
        "uses": show.number(row.sums.uses),
        "people": show.number(row.sums.people),
        "samples": show.number(row.sums.samples),
    }


def _total(report: Contribution) -> dict[str, Any]:
    """People are counted once in the total, though they may stand in several rows."""
    return {
        "name": gettext("Total"),
        "minutes": show.minutes(report.sums.used_minutes),
        "uses": show.number(report.sums.uses),
        "people": show.number(report.sums.people),
        "samples": show.number(report.sums.samples),
    }
