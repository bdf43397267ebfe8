"""What everybody may read: an instrument, a facility."""

from __future__ import annotations

from flask import render_template

from ...foundation.clock import now
from ...identity.current import person_or_none
from .. import queries
from ..panels import panels_of, panels_of_facility
from ..rules import BOOKABLE
from ..shown import card_within, co_builders, facility_kind, facts
from . import blueprint


@blueprint.get("/instruments/<slug>")
def instrument(slug: str) -> str:
    """What it is, what it takes to use it, and the panels of the floors above."""
    described = queries.instrument_with_classes(slug)
    shown, person = described.instrument, person_or_none()
    return render_template(
        "catalogue/instrument.html",
        instrument=shown,
        access_modes=described.modes,
        is_bookable=shown.status in BOOKABLE,
        may_manage=person is not None and queries.may_manage(person, shown),
        facts=facts(described),
        panels=panels_of(shown, person, now()),
    )


@blueprint.get("/facilities/<slug>")
def facility(slug: str) -> str:
    """What it is, who built it, and its instruments."""
    shown = queries.facility_by_slug(slug)
    return render_template(
        "catalogue/facility.html",
        facility=shown,
        kind=facility_kind(shown),
        co_builders=co_builders(shown),
        instruments=[card_within(it) for it in queries.instruments_of(shown)],
        panels=panels_of_facility(shown, person_or_none(), now()),
    )
