"""Agreements as readers get them: in their language, ready for pages."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from ..catalogue.labels import MODES
from ..foundation.http import show
from .models import Agreement
from .rules import AGREEMENT_STEPS, AgreementState


def row(agreement: Agreement, left: int | None) -> dict[str, Any]:
    """A line of the list of agreements."""
    address = url_for("access.agreement", reference=agreement.reference)
    title = show.localized(agreement.titles)
    return {
        "title": Markup('<a href="{}">{}</a>').format(address, title),
        "hosts": show.listed([show.localized(host.names) for host in agreement.hosts]),
        "partners": _partners(agreement),
        "validity": _validity(agreement),
        "left": show.minutes(left) if left is not None else None,
        "state": agreement.state,
    }


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
        (gettext("Discounts"), show.listed(discounts)),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def quota(agreement: Agreement, left: int | None, year: int) -> dict[str, Any] | None:
    """What the macro `share_bar` shows of a year's quota; None where nothing was granted for the
    year.
    """
    if left is None:
        return None
    gone = max(agreement.yearly_minutes - left, 0)
    text = gettext(
        "%(left)s of %(total)s are left in %(year)s.",
        left=show.minutes(left),
        total=show.minutes(agreement.yearly_minutes),
        year=str(year),
    )
    return {"parts": [(gone, "used")], "total": agreement.yearly_minutes, "text": text}


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
            "url": url_for(
                "access.move_agreement", reference=agreement.reference, step=words[state][0]
            ),
            "kind": "danger" if state == AgreementState.ENDED else "secondary",
        }
        for state in words
        if state in possible
    ]


def _partners(agreement: Agreement) -> str:
    return show.listed([show.localized(it.institution.names) for it in agreement.partners])


def _validity(agreement: Agreement) -> str:
    return gettext(
        "%(first)s to %(last)s",
        first=show.date(agreement.valid_from),
        last=show.date(agreement.valid_until),
    )
