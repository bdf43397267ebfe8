"""The data on the booking's page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.errors import Refusal
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from ..queries import booking_for
from ..views.pages import booking_page
from .forms import ProductForm
from .services import describe_data

blueprint = Blueprint("data_products", __name__)


@blueprint.post("/bookings/<reference>/data")
def describe(reference: str) -> ResponseReturnValue:
    """What the data are, under which licence, and where they are published."""
    person, at = require_person(), now()
    try:
        product = load(ProductForm(), request.form)
        perform(describe_data, reference, product, by=person, at=at)
    except Refusal as refusal:
        return booking_page(booking_for(person, reference), person, at, refusal)
    flash(gettext("Saved. The applicant is told."), "success")
    return redirect(url_for("booking.show", reference=reference) + "#data")
