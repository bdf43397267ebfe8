"""Agreements made ready for pages, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from ...catalogue.labels import MODES
from ...foundation.http import show
from ...foundation.languages import LANGUAGES
from ..rules import AGREEMENT_STEPS, AgreementState
from .labels import CARRY_RULES
from .models import Agreement
from .rules import EDITABLE, CarryRule


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
