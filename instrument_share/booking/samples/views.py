"""Samples by mail on the booking's page: their description, their steps, their labels."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...foundation.clock import now
from ...foundation.documents.typeset import MEDIA_TYPE
from ...foundation.errors import NotFound, Refusal
from ...foundation.http.schema import load
from ...foundation.transaction import perform
from ...identity.current import require_person
from ..queries import booking_for
from ..views.pages import booking_page
from . import queries, services
from .label_sheet import label_sheet
from .rules import Step
from .schemas import DescribeForm, ParcelForm
from .values import Parcel

blueprint = Blueprint("samples", __name__)


@blueprint.get("/samples/<code>")
def scanned(code: str) -> ResponseReturnValue:
    """What the QR code on a sample opens."""
    reference, sample_id = queries.reference_by_code(require_person(), code)
    return redirect(url_for("booking.show", reference=reference) + f"#sample-{sample_id}")


@blueprint.post("/bookings/<reference>/samples/<int:sample_id>/describe")
def describe(reference: str, sample_id: int) -> ResponseReturnValue:
    """Kind and preservation of a sample."""
    said = load(DescribeForm(), request.form)
    perform(
        services.describe, reference, sample_id, said["kind"], said["preservation"],
        by=require_person(), at=now(),
    )  # fmt: skip
    return _back(reference, sample_id)


@blueprint.post("/bookings/<reference>/samples/<int:sample_id>/steps/<word>")
def step(reference: str, sample_id: int, word: str) -> ResponseReturnValue:
    """A step of a sample's way."""
    person, at = require_person(), now()
    if word not in set(Step):
        raise NotFound()
    try:
        parcel = Parcel(**load(ParcelForm(), request.form))
        perform(services.take_step, reference, sample_id, Step(word), parcel, by=person, at=at)
    except Refusal as refusal:
        return booking_page(booking_for(person, reference), person, at, refusal)
    flash(gettext("Noted. The other side is told."), "success")
    return _back(reference, sample_id)


@blueprint.post("/bookings/<reference>/samples/labels.pdf")
def labels(reference: str) -> Response:
    """Labels for every sample of the booking; the first time gives them their codes."""
    person = require_person()
    tracks = perform(services.begin_tracks, reference, by=person)
    content = label_sheet(booking_for(person, reference), tracks)
    answer = Response(content, content_type=MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=f"labels-{reference}.pdf")
    return answer


def _back(reference: str, sample_id: int) -> ResponseReturnValue:
    return redirect(url_for("booking.show", reference=reference) + f"#sample-{sample_id}")
