"""Shares as readers get them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from ...catalogue.models import Facility
from ...foundation.http import show
from ...identity.models import Person
from ..agreements.models import Agreement
from ..pots import use_of_shares
from ..projects.shown import pot_bar
from . import queries
from .models import FacilityShare


def facility_panel(
    facility: Facility, person: Person | None, at: datetime
) -> Mapping[str, Any] | None:
    """Who owns which share; what is left of it only for those who may set it."""
    may_set = queries.may_set(person, facility)
    shares = queries.shares_of(facility) if facility.shared else []
    if not shares and not may_set:
        return None
    return {
        "shares": rows(shares, at.year, with_use=may_set),
        "url": url_for("shares.edit", slug=facility.slug) if may_set else None,
    }


def of_agreement(agreement: Agreement, facilities: Sequence[Facility], year: int) -> list[Any]:
    """The shares that an agreement's partners own of what it covers, with their use in a year."""
    shared = [each.id for each in facilities if each.shared]
    partners = [each.institution_id for each in agreement.partners]
    return rows(queries.shares_within(partners, shared), year, with_use=True)


def rows(shares: Sequence[FacilityShare], year: int, *, with_use: bool) -> list[dict[str, Any]]:
    use = use_of_shares([each.id for each in shares], year) if with_use else {}
    return [
        {
            "institution": show.localized(each.institution.names),
            "facility": show.localized(each.facility.names),
            "percent": show.percent(each.percent / 100),
            "bar": pot_bar(use[each.id]) if with_use else None,
            "text": gettext(
                "%(share)s: %(institution)s",
                share=show.percent(each.percent / 100),
                institution=show.localized(each.institution.names),
            ),
        }
        for each in shares
    ]
