"""The form with which instrument time is asked for, new or once more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access.agreements.usable import agreements_open_to
from ...access.eligibility import eligibility_of
from ...access.projects.queries import projects_of
from ...access.quota_left import minutes_left
from ...catalogue.labels import MODES
from ...catalogue.models import Instrument
from ...catalogue.queries import described_instrument
from ...foundation.clock import now
from ...foundation.errors import InvalidInput, Refusal
from ...foundation.http.conditional import version_sent
from ...foundation.http.schema import load
from ...foundation.identifiers import new_secret
from ...foundation.transaction import perform
from ...identity.current import require_person
from ...identity.errors import IdempotencyMismatch
from ...identity.models import Person
from ...identity.once import form_key, form_once
from .. import queries, services
from ..availability.alternatives import offering_alternatives
from ..choosing import chosen
from ..errors import SlotTaken
from ..forms import Prefill, request_of
from ..labels import AFTERWARDS, DONE
from ..models import Booking
from ..rules import Action, State
from ..sample_form import sample_rows
from ..seat_form import seat_choices, seat_code
from ..series.shown import weekday_choices
from ..shown import steps_ahead
from ..values import BookingRequest
from ..wall_time import filled_in
from ..week import week_of
from .pages import alternatives_of, clock_zones, folds_in, refusal_sentences

#: Rows of samples that the form begins with, and how many "add a row" adds.
_BLANK_ROWS, _MOST_ROWS = 2, 50


def book(slug: str) -> ResponseReturnValue:
    """Ask for time on an instrument; `?start=` and `minutes=` fill in a time."""
    person, at = require_person(), now()
    instrument = described_instrument(slug)
    if request.method == "GET":
        return request_page(instrument, person, at, _suggested(instrument))
    if not _is_sent():
        return request_page(instrument, person, at, _refilled(instrument))
    if request.form.get("repeat"):  # first of all, every occurrence is checked
        return redirect(url_for("series.check", slug=slug), code=307)
    sends = request.form.get("do") == "send"
    service = services.request_booking if sends else services.create_draft

    def answer() -> dict[str, str]:
        wanted = request_of(request.form, slug, clock_zones(instrument.time_zone))
        return {"reference": service(wanted, by=person, at=at).reference}

    try:
        with offering_alternatives(at, person):
            saved = form_once(person, at, answer)
    except Refusal as refusal:
        return request_page(described_instrument(slug), person, at, request.form, refusal)
    return _done(saved["reference"], Action.SUBMIT if sends else Action.CREATE)


def edit(reference: str) -> ResponseReturnValue:
    """Change a draft, or a request that was sent back, and send it."""
    person, at = require_person(), now()
    booking = queries.booking_for(person, reference)
    if Action.SUBMIT not in queries.actions_open_to(person, booking, at):
        flash(gettext("This booking can no longer be changed here."), "warning")
        return redirect(url_for("booking.show", reference=reference))
    instrument = described_instrument(booking.instrument.slug)
    if request.method == "GET":
        return request_page(instrument, person, at, _written(booking), booking=booking)
    if not _is_sent():
        return request_page(instrument, person, at, _refilled(instrument), booking=booking)
    sends = request.form.get("do") == "send"
    try:
        wanted = request_of(request.form, instrument.slug, clock_zones(instrument.time_zone))
        with offering_alternatives(at, person):
            perform(_change, reference, wanted, person, at, version_sent(), sends)
    except Refusal as refusal:
        instrument = described_instrument(instrument.slug)
        return request_page(instrument, person, at, request.form, refusal, booking=booking)
    return _done(reference, Action.SUBMIT if sends else Action.CREATE)


def _change(
    reference: str,
    wanted: BookingRequest,
    person: Person,
    at: datetime,
    version: int | None,
    sends: bool,
) -> None:
    """Both steps of "save and send" in one transaction; the version was checked by the first."""
    services.change_draft(reference, wanted, by=person, at=at, version=version)
    if sends:
        services.submit(reference, by=person, at=at, version=None)


def _is_sent() -> bool:
    """Whether a button was pressed that saves; the others only change the form."""
    return request.form.get("do") in ("send", "draft") and "choose" not in request.form


def _done(reference: str, action: Action) -> ResponseReturnValue:
    flash(str(DONE[action]), "success")
    return redirect(url_for("booking.show", reference=reference))


def _suggested(instrument: Instrument) -> dict[str, str]:
    """The form as a link fills it in, no longer than can be had; a senseless link fills in nothing."""
    try:
        asked = load(Prefill(), request.args)
    except InvalidInput:
        return {}
    start = asked["start"] or asked["begins"]
    if start is None:
        return {}
    length = timedelta(minutes=asked["minutes"] or instrument.shortest_minutes)
    longest = timedelta(minutes=instrument.longest_minutes)
    end = min(asked["until"] or start + length, start + longest)
    return filled_in(start, end, instrument.time_zone)


def _refilled(instrument: Instrument) -> dict[str, str]:
    """What was typed, with the alternative that was chosen."""
    typed = request.form.to_dict()
    return typed | chosen(typed.pop("choose", ""), instrument.time_zone)


def _written(booking: Booking) -> dict[str, str]:
    """A booking as the form shows it."""
    form = filled_in(booking.starts_at, booking.ends_at, booking.time_zone) | {
        "access_mode": booking.access_mode,
        "purpose": booking.purpose,
        "project": booking.project.reference if booking.project else "",
        "agreement": booking.agreement.reference if booking.agreement else "",
        "position": seat_code(booking.seat),
    }
    for place, sample in enumerate(booking.samples):
        for name in ("name", "count", "hazard", "afterwards"):
            form[f"samples-{place}-{name}"] = str(getattr(sample, name))
    return form


def request_page(
    instrument: Instrument,
    person: Person,
    at: datetime,
    form: Mapping[str, str],
    refusal: Refusal | None = None,
    *,
    booking: Booking | None = None,
) -> tuple[str, int]:
    """The form with everything that was typed; with `refusal`, what needs attention."""
    zones = clock_zones(instrument.time_zone)
    agreements = agreements_open_to(person, instrument, at.date())
    page = render_template(
        "booking/request.html",
        instrument=instrument,
        booking=booking,
        is_sent_back=booking is not None and booking.state == State.CHANGES_REQUESTED,
        form=form,
        rows=_rows(form),
        key=new_secret() if isinstance(refusal, IdempotencyMismatch) else form_key(),
        errors=_sentences(refusal),
        alternatives=alternatives_of(refusal),
        is_taken=isinstance(refusal, SlotTaken),
        eligibility=eligibility_of(person, instrument, form.get("access_mode") or None, at=at),
        panel=week_of(instrument, person, at),
        zones=zones,
        folds=folds_in(form, zones),
        modes=[(mode, MODES[mode]) for mode in instrument.access_modes],
        projects=projects_of(person, at.date()),
        agreements=agreements,
        quotas=minutes_left([each.id for each in agreements], at.year),
        afterwards=list(AFTERWARDS.items()),
        seats=seat_choices(instrument),
        steps=steps_ahead(instrument, person.institution, at),
        weekdays=weekday_choices(),
    )
    return page, refusal.status if refusal else 200


def _sentences(refusal: Refusal | None) -> dict[str, str]:
    if isinstance(refusal, IdempotencyMismatch):
        return {
            "_form": gettext(
                "You have sent this form before; the booking is in your list. Send it again if you want another one."
            )
        }
    if isinstance(refusal, SlotTaken):
        return {"start": str(refusal.message)}
    return refusal_sentences(refusal, "_form")


def _rows(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of samples that are filled in and a few blank ones."""
    rows = sample_rows(form)
    blank = _BLANK_ROWS if request.form.get("do") == "add_row" or not rows else 1
    return [*rows, *({} for _ in range(blank))][:_MOST_ROWS]
