"""The use of an agreement's quota in a year, made ready for its page: what is left, by whom, when, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext

from ...foundation.http import show
from .models import Agreement
from .queries import partners_using
from .rules import MINUTES_PER_HOUR, days_in_year, forecast, thresholds_passed
from .use import Use, UseOfYear


def years_of(agreement: Agreement, today: date) -> list[int]:
    """The calendar years of the agreement's validity that have begun or come next."""
    last = min(agreement.valid_until.year, today.year + 1)
    return list(range(agreement.valid_from.year, last + 1)) or [agreement.valid_from.year]


def year_now(agreement: Agreement, today: date) -> int:
    """This year, or the year of the agreement's validity that is nearest to it."""
    return max(agreement.valid_from.year, min(today.year, agreement.valid_until.year))


def use_shown(agreement: Agreement, use: UseOfYear, year: int, today: date) -> dict[str, Any]:
    """The use of a year as the page shows it: a bar, two tables, a forecast and, where it is time, a warning."""
    return {
        "granted": use.available > 0 or use.total.taken > 0,
        "bar": _bar(use, year),
        "carried": _carried(use),
        "partners": _partner_rows(agreement, use),
        "months": _month_rows(use, year),
        "total": _use_cells(use.total) | {"name": gettext("Total")},
        "forecast": _forecast(agreement, use, year, today),
        "warning": _warning(use),
    }


def _bar(use: UseOfYear, year: int) -> dict[str, Any]:
    text = gettext(
        "%(left)s of %(total)s are left in %(year)s.",
        left=show.minutes(use.left),
        total=show.minutes(use.available),
        year=str(year),
    )
    detail = gettext(
        "Used: %(used)s. Reserved: %(reserved)s.",
        used=show.minutes(use.total.used),
        reserved=show.minutes(use.total.reserved),
    )
    parts = [(use.total.used, "used"), (use.total.reserved, "reserved")]
    return {"parts": parts, "total": max(use.available, 1), "text": f"{text} {detail}"}


def _carried(use: UseOfYear) -> str:
    if use.carried > 0:
        return gettext("%(time)s of it came from the year before.", time=show.minutes(use.carried))
    if use.carried < 0:
        return gettext("%(time)s went on into the next year.", time=show.minutes(-use.carried))
    return ""


def _partner_rows(agreement: Agreement, use: UseOfYear) -> list[dict[str, Any]]:
    ceilings = {each.institution_id: each.yearly_minutes for each in agreement.partners}
    rows = []
    for key, institution in partners_using(agreement, use).items():
        part, most = use.partners.get(key, Use()), ceilings.get(key)
        left = use.left if most is None else min(use.left, most - part.taken)
        cells = {
            "name": show.localized(institution.names),
            "most": show.minutes(most) if most is not None else None,
            "left": show.minutes(max(left, 0)),
        }
        rows.append(_use_cells(part) | cells)
    return sorted(rows, key=lambda each: str(each["name"]).casefold())


def _month_rows(use: UseOfYear, year: int) -> list[dict[str, Any]]:
    return [
        _use_cells(use.months.get(month, Use())) | {"name": show.month(date(year, month, 1))}
        for month in range(1, 13)
    ]


def _use_cells(part: Use) -> dict[str, Any]:
    return {
        "used": show.Figure(show.minutes(part.used), part.used / MINUTES_PER_HOUR),
        "reserved": show.Figure(show.minutes(part.reserved), part.reserved / MINUTES_PER_HOUR),
    }


def _forecast(agreement: Agreement, use: UseOfYear, year: int, today: date) -> str:
    """Nothing for a year that is over or has not begun: there is no pace to go by."""
    days = days_in_year(agreement.valid_from, agreement.valid_until, year)
    if days is None or not days[0] < today <= days[1] or use.available <= 0:
        return ""
    expected = forecast(use.total.used, use.total.reserved, *days, today)
    values = {
        "time": show.minutes(expected.minutes),
        "share": show.percent(expected.minutes / use.available),
    }
    if expected.minutes > use.available:
        return gettext(
            "At this pace %(time)s will be needed by the end of the year: %(share)s of the quota.",
            **values,
        )
    return gettext(
        "At this pace %(time)s will be used by the end of the year: %(share)s of the quota.",
        **values,
    )


def _warning(use: UseOfYear) -> dict[str, str] | None:
    passed = thresholds_passed(use.total.taken, use.available)
    if not passed:
        return None
    if passed[-1] >= 100:
        text = gettext("The quota is used up. Bookings under this agreement are refused.")
        return {"text": text, "tone": "error"}
    share = show.percent(use.total.taken / use.available)
    text = gettext("%(share)s of the quota are used or reserved.", share=share)
    return {"text": text, "tone": "warning"}
