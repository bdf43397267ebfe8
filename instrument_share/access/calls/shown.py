"""Calls as readers get them: in their language, times on both clocks, ready for pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from ...foundation.http import show
from ...foundation.languages import LANGUAGES
from ...identity.models import Person
from ..agreements.queries import agreements_of
from ..projects.labels import KINDS
from .deciding.queries import outcome_of
from .forms import ROWS
from .models import Call, Offer
from .proposing.models import Proposal
from .rules import CallState

#: Which calls stand together on the public page, in which order.
GROUPS = (
    (CallState.OPEN,),
    (CallState.ANNOUNCED,),
    (CallState.IN_REVIEW, CallState.DECIDED),
)


def grouped(calls: Iterable[Call], at: datetime) -> list[list[dict[str, Any]]]:
    """Open ones (the next to close first), those to come, and the others."""
    rows = [card(each, at) for each in calls]
    open_ones, to_come, over = (
        [row for row in rows if row["state"] in states] for states in GROUPS
    )
    return [open_ones[::-1], to_come[::-1], over]


def card(call: Call, at: datetime) -> dict[str, Any]:
    """A call as lists show it."""
    return {
        "call": call,
        "reference": call.reference,
        "title": show.localized(call.titles),
        "where": [
            f"{show.localized(it.facility.names)} · {show.localized(it.facility.host.names)}"
            for it in call.offers
        ],
        "state": call.state(at),
        "hours": show.minutes(call.minutes),
        "period": period_of(call),
    }


def period_of(call: Call) -> str:
    """The days of the time that can be won."""
    return gettext(
        "%(first)s to %(last)s", first=show.date(call.starts_on), last=show.date(call.ends_on)
    )


def facts(call: Call) -> list[dict[str, Any]]:
    """What everybody may know."""
    rows: list[tuple[str, Any]] = [
        (gettext("Reference"), call.reference),
        *(row for offer in call.offers for row in _offered(offer)),
        (gettext("Agreement"), show.localized(call.agreement.titles) if call.agreement else None),
        (gettext("Time to give"), show.minutes(call.minutes)),
        (gettext("To be used"), period_of(call)),
        (gettext("It becomes a"), str(KINDS[call.project_kind])),
    ]
    if call.decided_at is not None:
        proposals, granted, minutes = outcome_of(call)
        rows += [
            (gettext("Proposals"), show.number(proposals)),
            (gettext("Granted"), f"{show.number(granted)} ({show.minutes(minutes)})"),
        ]
    return [{"label": label, "value": value} for label, value in rows]


def _offered(offer: Offer) -> list[tuple[str, Any]]:
    """Who gives it, and how much of the whole where others give time, too."""
    facility = offer.facility
    link = _link("catalogue.facility", facility.slug, facility.names)
    if len(offer.call.offers) > 1:
        link = Markup("{} ({})").format(link, show.minutes(offer.minutes))
    return [(gettext("Facility"), link), (gettext("Host"), show.localized(facility.host.names))]


def givers(call: Call) -> str:
    """The facilities that give time, in one line."""
    return show.listed([show.localized(it.facility.names) for it in call.offers])


def instruments_by_facility(call: Call) -> list[dict[str, Any]]:
    """The call's instruments under the names of their facilities."""
    return [
        {
            "name": show.localized(offer.facility.names),
            "instruments": [
                each for each in call.instruments if each.facility_id == offer.facility_id
            ],
        }
        for offer in call.offers
    ]


def grants(proposal: Proposal) -> list[dict[str, Any]]:
    """What it gets at each facility, where several give time."""
    if len(proposal.grants) < 2:
        return []
    return [
        {"label": show.localized(it.offer.facility.names), "value": show.minutes(it.minutes)}
        for it in proposal.grants
    ]


def weights(call: Call) -> list[dict[str, Any]]:
    """Each criterion with its share of the whole."""
    total = sum(each.weight for each in call.criteria)
    return [
        {"name": show.localized(each.names), "share": show.percent(each.weight / total)}
        for each in call.criteria
    ]


def people(proposal: Proposal) -> list[dict[str, Any]]:
    """Who proposes it, with their institutions."""
    return [
        {
            "name": each.display_name,
            "institution": show.localized(each.institution.names) if each.institution else "",
            "is_lead": each.id == proposal.lead_id,
        }
        for each in proposal.people
    ]


def wishes(proposal: Proposal) -> list[dict[str, Any]]:
    """Hours by instrument, as `facts` shows them."""
    rows = sorted(proposal.wishes, key=lambda each: each.instrument.slug)
    return [
        {"label": show.localized(each.instrument.names), "value": show.minutes(each.minutes)}
        for each in rows
    ]


def form_choices(person: Person) -> dict[str, Any]:
    """What the form of a call offers."""
    agreements = agreements_of(person, parties=False)
    return {
        "languages": [(language.tag, language.name, language.direction) for language in LANGUAGES],
        "kinds": [(str(kind), str(word)) for kind, word in KINDS.items()],
        "agreements": [(each.reference, show.localized(each.titles)) for each in agreements],
        "rows": range(ROWS),
    }


def _link(endpoint: str, slug: str, names: Any) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url_for(endpoint, slug=slug), show.localized(names))
