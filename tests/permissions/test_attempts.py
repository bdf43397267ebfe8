"""Attempts to reach what one may not, each by hand: refused, logged, and without a word about what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import structlog
import time_machine
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from instrument_share.booking.models import Booking
from instrument_share.foundation.interval import Interval
from instrument_share.identity.models import AuditEntry, Person, RoleGrant
from instrument_share.identity.rules import PROGRAMME, Role
from instrument_share.identity.services import issue_token, suspend
from instrument_share.notification.models import Message
from instrument_share.schedule.addresses import calendar_url
from tests.support.builders import AT, grant, make_agreement, make_closure, make_person
from tests.support.marks import sqlite_only
from tests.support.scene import Scene, make_scene
from tests.support.signing import sign_in

from .cast import cast_of

pytestmark = sqlite_only

PURPOSE = "An unmistakable purpose"
#: Answers that say nothing of what is there.
SILENT = frozenset({401, 403, 404, 410, 422})


@dataclass
class Stage:
    """Everybody, one request that is theirs who wrote it, and a client that asks as anybody."""

    scene: Scene
    cast: dict[str, Person | None]
    booking: Booking
    client: Any
    session: Any

    def as_(self, letter: str) -> Any:
        person = self.cast[letter]
        assert person is not None
        sign_in(self.client, person)
        return self.client

    def call(self, letter: str, method: str, path: str, **sent: Any) -> TestResponse:
        """An API call with a token of that person's."""
        person = self.cast[letter]
        assert person is not None
        token, _ = issue_token(person, "attempt", at=AT)
        self.session.commit()
        headers = {"Authorization": f"Bearer {token}", **sent.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **sent)

    def act(self, letter: str, action: str, version: str = '"1"', **said: Any) -> TestResponse:
        path = f"/bookings/{self.booking.reference}/actions/{action}"
        return self.call(letter, "POST", path, json=said, headers={"If-Match": version})

    @property
    def reference(self) -> str:
        return self.booking.reference

    @property
    def slug(self) -> str:
        return self.scene.instrument.slug


@pytest.fixture
def stage(session, client) -> Iterator[Stage]:
    with time_machine.travel(AT, tick=False):
        scene = make_scene()
        cast = cast_of(scene)
        make_agreement(scene.instrument.facility.host, scene.applicant.institution)
        booking = scene.ask(purpose=PURPOSE)
        session.commit()
        yield Stage(scene, cast, booking, client, session)


Attempt = Callable[[Stage], TestResponse]
ATTEMPTS: dict[str, Attempt] = {}


def attempt(function: Attempt) -> Attempt:
    ATTEMPTS[function.__name__.replace("_", " ")] = function
    return function


# --- ids of others ----------------------------------------------------------------------------------


@attempt
def a_colleague_opens_the_booking(on: Stage) -> TestResponse:
    return on.as_("c").get(f"/bookings/{on.reference}")


@attempt
def a_liaison_of_another_partner_opens_it(on: Stage) -> TestResponse:
    return on.as_("L").get(f"/bookings/{on.reference}")


@attempt
def its_calendar_file_is_fetched_by_a_stranger(on: Stage) -> TestResponse:
    return on.as_("X").get(f"/bookings/{on.reference}.ics")


@attempt
def the_list_is_asked_for_another_ones_booking(on: Stage) -> TestResponse:
    return on.call("X", "GET", f"/bookings/{on.reference}")


@attempt
def its_conversation_is_read_by_a_colleague(on: Stage) -> TestResponse:
    return on.call("c", "GET", f"/bookings/{on.reference}/messages")


@attempt
def a_stranger_speaks_in_its_conversation(on: Stage) -> TestResponse:
    return on.as_("X").post(f"/bookings/{on.reference}/messages", data={"text": "Let me in."})


@attempt
def a_message_of_somebody_else_is_opened(on: Stage) -> TestResponse:
    theirs = on.session.scalar(select(Message.id).where(Message.person_id == on.scene.manager.id))
    return on.as_("X").post(f"/inbox/{theirs}")


@attempt
def a_token_of_somebody_else_is_revoked(on: Stage) -> TestResponse:
    issue_token(on.scene.applicant, "mine", at=AT)
    on.session.commit()
    return on.as_("X").post("/account/tokens/1/revoke")


@attempt
def an_agreement_of_others_is_opened(on: Stage) -> TestResponse:
    from instrument_share.access.models import Agreement

    return on.as_("L").get(f"/agreements/{on.session.scalar(select(Agreement.reference))}")


# --- parameters added ----------------------------------------------------------------------------------


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
    from instrument_share.access.models import Agreement

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


# --- roles of another place ------------------------------------------------------------------------------


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


# --- what is over or forged --------------------------------------------------------------------------------


@attempt
def a_suspended_persons_token_reads(on: Stage) -> TestResponse:
    token, _ = issue_token(on.scene.applicant, "old", at=AT)
    _suspend(on)
    path = f"/api/v1/bookings/{on.reference}"
    return on.client.get(path, headers={"Authorization": f"Bearer {token}"})


@attempt
def a_suspended_persons_secret_calendar_is_read(on: Stage) -> TestResponse:
    address = calendar_url(on.scene.applicant).split("/", 3)[3]
    _suspend(on)
    return on.client.get(f"/{address}")


@attempt
def a_suspended_manager_approves(on: Stage) -> TestResponse:
    token, _ = issue_token(on.scene.manager, "old", at=AT)
    _suspend(on, on.scene.manager)
    return on.client.post(
        f"/api/v1/bookings/{on.reference}/actions/approve", json={},
        headers={"Authorization": f"Bearer {token}", "If-Match": '"1"'},
    )  # fmt: skip


@attempt
def a_secret_calendar_is_guessed(on: Stage) -> TestResponse:
    return on.client.get(f"/calendars/private/{on.scene.applicant.id}-{'0' * 40}.ics")


@attempt
def a_link_that_proves_the_mailbox_is_used_again(on: Stage) -> TestResponse:
    from instrument_share.identity.services.signing_up import _links

    secret = _links().dumps([on.scene.applicant.id, on.scene.applicant.email])
    return on.client.post(f"/verify-mail/{secret}")


@attempt
def a_forged_version_is_no_key(on: Stage) -> TestResponse:
    return on.act("X", "approve", version='"999999"')


@attempt
def a_star_for_a_version(on: Stage) -> TestResponse:
    return on.act("m", "approve", version="*")


@attempt
def a_session_cookie_is_used_to_write_through_the_api(on: Stage) -> TestResponse:
    return on.as_("m").post(
        f"/api/v1/bookings/{on.reference}/actions/approve", json={}, headers={"If-Match": '"1"'}
    )


def _suspend(on: Stage, person: Person | None = None) -> None:
    administrator = make_person()
    grant(administrator, Role.ADMINISTRATOR, PROGRAMME)
    suspend((person or on.scene.applicant).id, by=administrator, at=AT)
    on.session.commit()


@pytest.mark.parametrize("name", ATTEMPTS)
def test_it_is_refused_logged_and_says_nothing(stage, name):
    before = stage.session.scalar(select(func.count(AuditEntry.sequence)))
    with structlog.testing.capture_logs() as logs:
        answer = ATTEMPTS[name](stage)
    assert answer.status_code in SILENT, (answer.status_code, answer.text[:300])
    for secret in (PURPOSE, stage.scene.applicant.email):
        assert secret not in answer.text
    (line,) = [each for each in logs if each["event"] == "request"][-1:]
    assert line["status"] == answer.status_code
    stage.session.expire_all()
    assert stage.booking.state == "submitted"
    assert all(step.decided_at is None for step in stage.booking.steps)
    decided = (
        "booking.approve",
        "booking.reject",
        "account.vouch",
        "role.grant",
        "account.view_as",
    )
    after = stage.session.scalars(select(AuditEntry.action).where(AuditEntry.sequence > before))
    assert not set(after) & set(decided)


def test_what_is_not_there_is_refused_in_the_same_words(stage):
    stranger = stage.as_("X")
    there = stranger.get(f"/bookings/{stage.reference}")
    nowhere = stranger.get("/bookings/B-00000000")
    assert there.status_code == nowhere.status_code == 404
    assert there.text.replace(stage.reference, "") == nowhere.text.replace("B-00000000", "")


def test_a_decision_on_the_right_way_works(stage):
    """So that the refusals above are not those of a broken stage."""
    assert stage.act("m", "approve").status_code == 200
