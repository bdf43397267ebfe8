"""Parameters that no form has, and names of others in those it has."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from werkzeug.test import TestResponse

from instrument_share.access.agreements.models import Agreement
from tests.support.builders import AT

from .stage import Stage, attempt


@attempt
def a_request_confirms_itself(on: Stage) -> TestResponse:
    start = AT + timedelta(days=3)
    said = {
        "instrument": on.slug, "access_mode": "on_site", "purpose": "x", "state": "confirmed",
        "starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat(),
    }  # fmt: skip
    return on.call("a", "POST", "/bookings", json=said)


@attempt
def a_request_is_made_in_somebody_elses_name(on: Stage) -> TestResponse:
    start = AT + timedelta(days=3)
    said = {
        "instrument": on.slug, "access_mode": "on_site", "purpose": "x",
        "applicant": on.scene.applicant.id,
        "starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat(),
    }  # fmt: skip
    return on.call("X", "POST", "/bookings", json=said)


@attempt
def an_approval_names_another_decider(on: Stage) -> TestResponse:
    return on.act("X", "approve", by=on.scene.manager.id)


@attempt
def an_agreement_of_others_is_charged(on: Stage) -> TestResponse:
    start = AT + timedelta(days=3)
    said = {
        "instrument": on.slug, "access_mode": "on_site", "purpose": "x",
        "agreement": on.session.scalar(select(Agreement.reference)),
        "starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat(),
    }  # fmt: skip
    return on.call("X", "POST", "/bookings", json=said)


@attempt
def an_approval_says_that_it_comes_from_somebody_else(on: Stage) -> TestResponse:
    return on.as_("c").post(
        f"/bookings/{on.reference}/approve",
        data={"version": 1, "person_id": on.scene.manager.id, "_user_id": on.scene.manager.id},
    )
