"""Roles of another place, of another time, or before their turn."""

from __future__ import annotations

from datetime import timedelta

from werkzeug.test import TestResponse

from instrument_share.foundation.interval import Interval
from instrument_share.identity.acting import forget_actors
from instrument_share.identity.models import RoleGrant
from instrument_share.identity.rules import Role
from instrument_share.identity.services import issue_token, name_deputy
from instrument_share.identity.values import Absence
from tests.support.builders import AT, make_closure, make_person

from .stage import Stage, attempt


@attempt
def a_manager_of_another_facility_approves(on: Stage) -> TestResponse:
    return on.act("M", "approve")


@attempt
def a_safety_officer_rejects_before_their_turn(on: Stage) -> TestResponse:
    return on.act("s", "reject", comment="no")


@attempt
def an_operator_approves(on: Stage) -> TestResponse:
    return on.act("o", "approve")


@attempt
def the_applicant_approves_their_own_request(on: Stage) -> TestResponse:
    on.session.add(
        RoleGrant(
            person_id=on.scene.applicant.id, role=Role.FACILITY_MANAGER, scope_kind="programme",
            granted_at=AT,
        )
    )  # fmt: skip
    return on.act("a", "approve")


@attempt
def a_role_that_ended_yesterday_approves(on: Stage) -> TestResponse:
    (held,) = on.scene.manager.grants
    held.ends_on = (AT - timedelta(days=1)).date()
    return on.act("m", "approve")


@attempt
def a_role_that_begins_tomorrow_approves(on: Stage) -> TestResponse:
    (held,) = on.scene.manager.grants
    held.starts_on = (AT + timedelta(days=1)).date()
    return on.act("m", "approve")


@attempt
def a_manager_elsewhere_closes_the_instrument(on: Stage) -> TestResponse:
    said = {"kind": "closure", "starts_at": AT.isoformat(), "sudden": True}
    return on.call("M", "POST", f"/instruments/{on.slug}/exceptions", json=said)


@attempt
def a_manager_elsewhere_lifts_a_closure_by_its_number(on: Stage) -> TestResponse:
    window = Interval(AT + timedelta(days=9), AT + timedelta(days=10))
    closure = make_closure(on.scene.instrument, window)
    on.session.commit()
    return on.as_("M").post(f"/manage/instruments/{on.slug}/closures/{closure.id}/lift")


@attempt
def a_manager_makes_themself_administrator(on: Stage) -> TestResponse:
    return on.as_("m").post(
        "/manage/roles",
        data={"place": "programme", "email": on.scene.manager.email, "role": "administrator"},
    )


@attempt
def an_administrator_of_one_host_views_a_person_of_another(on: Stage) -> TestResponse:
    return on.as_("H").post(f"/manage/people/{on.scene.applicant.id}/view-as")


@attempt
def a_liaison_vouches_for_somebody_of_another_institution(on: Stage) -> TestResponse:
    stranger = on.cast["X"]
    assert stranger is not None
    return on.as_("l").post(f"/manage/people/{stranger.id}/vouch")


@attempt
def a_deputy_approves_after_the_last_day(on: Stage) -> TestResponse:
    return as_deputy(on, first=-3, last=-1)


@attempt
def a_deputy_approves_before_the_first_day(on: Stage) -> TestResponse:
    return as_deputy(on, first=1, last=3)


@attempt
def a_deputy_of_somebody_suspended_approves(on: Stage) -> TestResponse:
    return as_deputy(on, first=-1, last=3, suspended=True)


def as_deputy(on: Stage, *, first: int, last: int, suspended: bool = False) -> TestResponse:
    """A colleague of the manager who stands in from the first to the last day from now approves."""
    deputy = make_person(on.scene.manager.institution)
    days = {"first_day": (AT + timedelta(first)).date(), "last_day": (AT + timedelta(last)).date()}
    absence = Absence(email=deputy.email, grant_id=None, **days)
    name_deputy(absence, by=on.scene.manager, at=AT + timedelta(min(first, 0)))
    on.session.commit()
    if suspended:
        on.suspend(on.scene.manager)
    forget_actors()
    token, _ = issue_token(deputy, "stand-in", at=AT)
    on.session.commit()
    return on.client.post(
        f"/api/v1/bookings/{on.reference}/actions/approve", json={},
        headers={"Authorization": f"Bearer {token}", "If-Match": '"1"'},
    )  # fmt: skip
