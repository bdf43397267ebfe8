"""The list of bookings, and one of them."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...foundation.clock import now
from ...foundation.http.paging import links
from ...foundation.http.schema import load
from ...identity.acting import actor_of
from ...identity.current import require_person
from ...identity.rules import Permission, scopes_held
from .. import queries
from ..forms import ListQuery
from ..labels import STATES
from ..values import BookingFilter
from .pages import booking_page


def index() -> str:
    """The reader's own bookings; with `?whose=all` every one that they may see."""
    person = require_person()
    asked = load(ListQuery(), request.args)
    actor = actor_of(person)
    sees_others = any(
        scopes_held(actor, Permission.SEE_BOOKING, side) for side in ("host", "payer")
    )
    everybody = sees_others and request.args.get("whose") == "all"
    which = BookingFilter(
        state=asked["state"] or None,
        instrument=asked["instrument"] or None,
        mine=not everybody,
        words=asked["q"] or None,
    )
    page = queries.bookings_of(person, which, asked["page"], asked["page_size"])
    return render_template(
        "booking/index.html",
        bookings=page.items,
        total=page.total,
        paging=links(page),
        sees_others=sees_others,
        everybody=everybody,
        state=asked["state"],
        words=asked["q"],
        states=list(STATES.items()),
    )


def show(reference: str) -> ResponseReturnValue:
    person = require_person()
    return booking_page(queries.booking_for(person, reference), person, now())
