"""Agreements as readers get them: in their language, ready for pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select

from ...catalogue.labels import MODES
from ...foundation.database import db
from ...foundation.http import show
from ...foundation.languages import LANGUAGES
from ...identity.models import Institution
from ..rules import AGREEMENT_STEPS, AgreementState
from .labels import CARRY_RULES
from .models import Agreement
from .rules import EDITABLE, MINUTES_PER_HOUR, CarryRule, days_in_year, forecast, thresholds_passed
from .use import Use, UseOfYear


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as people read it, and as a chart does."""

    text: str
    number: float


def row(agreement: Agreement, left: int | None) -> dict[str, Any]:
    """A line of the list of agreements."""
    address = url_for("agreements.show", reference=agreement.reference)
    title = show.localized(agreement.titles)
    return {
        "title": Markup('<a href="{}">{}</a>').format(address, title),
        "hosts": show.listed([show.localized(host.names) for host in agreement.hosts]),
        "partners": _partners(agreement),
        "validity": _validity(agreement),
        "left": show.minutes(left) if left is not None else None,
        "state": state_of(agreement),
    }


def state_of(agreement: Agreement) -> str:
    """The state that readers are told: one in force that another one follows is `renewed`."""
    successor = agreement.successor
    followed = successor is not None and successor.state == AgreementState.ACTIVE
    return "renewed" if followed and agreement.state == AgreementState.ACTIVE else agreement.state


def is_editable(agreement: Agreement) -> bool:
    return agreement.state in EDITABLE


def is_renewable(agreement: Agreement) -> bool:
    return agreement.state != AgreementState.DRAFT and agreement.successor is None


def facts(agreement: Agreement) -> list[dict[str, Any]]:
    """What the macro `facts` shows of an agreement."""
    discounts = [
        gettext(
            "%(mode)s: %(percent)s off",
            mode=str(MODES[it.mode]),
            percent=show.percent(it.percent / 100),
        )
        for it in agreement.discounts
    ]
    hosts = [show.localized(host.names) for host in agreement.hosts]
    rows = [
        (gettext("Reference"), agreement.reference),
        (gettext("Host institutions"), show.listed(hosts)),
        (gettext("Partner institutions"), _partners(agreement)),
        (gettext("Valid"), _validity(agreement)),
        (gettext("Instrument time per year"), show.minutes(agreement.yearly_minutes)),
        (gettext("Carried over to the next year"), _carry(agreement)),
        (gettext("Discounts"), show.listed(discounts)),
        (gettext("Renews"), _link(agreement.predecessor)),
        (gettext("Renewed by"), _link(agreement.successor)),
    ]
    return [{"label": label, "value": value} for label, value in rows]


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


def institutions_of(use: UseOfYear, agreement: Agreement) -> dict[int, Institution]:
    """The partners by id; those that came by their country are looked up."""
    known = {each.institution_id: each.institution for each in agreement.partners}
    missing = use.partners.keys() - known.keys()
    if missing:
        found = db.session.scalars(select(Institution).where(Institution.id.in_(missing)))
        known |= {each.id: each for each in found}
    return known


def form_words() -> dict[str, Any]:
    """What the form calls its fields."""
    return {
        "languages": [(language.tag, language.name, language.direction) for language in LANGUAGES],
        "modes": [(str(mode), str(word)) for mode, word in MODES.items()],
        "carry_rules": [(str(rule), str(word)) for rule, word in CARRY_RULES.items()],
    }


def steps(agreement: Agreement) -> list[dict[str, str]]:
    """The steps that an agreement can take from its state."""
    words = {
        AgreementState.ACTIVE: ("activate", gettext("Activate")),
        AgreementState.SUSPENDED: ("suspend", gettext("Suspend")),
        AgreementState.ENDED: ("end", gettext("End for good")),
    }
    possible = AGREEMENT_STEPS[AgreementState(agreement.state)]
    return [
        {
            "label": words[state][1],
            "url": url_for("agreements.move", reference=agreement.reference, step=words[state][0]),
            "kind": "danger" if state == AgreementState.ENDED else "secondary",
        }
        for state in words
        if state in possible
    ]


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
    for key, institution in institutions_of(use, agreement).items():
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
        "used": Cell(show.minutes(part.used), part.used / MINUTES_PER_HOUR),
        "reserved": Cell(show.minutes(part.reserved), part.reserved / MINUTES_PER_HOUR),
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


def _partners(agreement: Agreement) -> str:
    named = [show.localized(it.institution.names) for it in agreement.partners]
    countries = [
        gettext("every institution in %(country)s", country=show.country(it.country))
        for it in agreement.countries
    ]
    return show.listed([*named, *countries])


def _validity(agreement: Agreement) -> str:
    return gettext(
        "%(first)s to %(last)s",
        first=show.date(agreement.valid_from),
        last=show.date(agreement.valid_until),
    )


def _carry(agreement: Agreement) -> str:
    match agreement.carry_rule:
        case CarryRule.HOURS:
            return gettext("up to %(time)s", time=show.minutes(agreement.carry_amount))
        case CarryRule.PERCENT:
            share = show.percent(agreement.carry_amount / 100)
            return gettext("up to %(share)s of the yearly quota", share=share)
        case _:
            return gettext("nothing")


def _link(agreement: Agreement | None) -> Markup | None:
    if agreement is None:
        return None
    address = url_for("agreements.show", reference=agreement.reference)
    return Markup('<a href="{}">{}</a>').format(address, show.localized(agreement.titles))
