"""Keys that are over, belong to somebody who is suspended, or are forged."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from werkzeug.test import TestResponse

from instrument_share.booking.letters.rules import new_code
from instrument_share.identity.invitations.links import path_of
from instrument_share.identity.invitations.models import Invitation
from instrument_share.identity.invitations.rules import LIFE, Guest
from instrument_share.identity.invitations.services import invite_all, withdraw
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.openid.attempts import begin
from instrument_share.identity.rules import Role
from instrument_share.identity.services import issue_token
from instrument_share.identity.services.signing_up import _links
from instrument_share.identity.sessions.cookie import BROWSER
from instrument_share.schedule.addresses import calendar_url
from tests.support.builders import AT

from .stage import Stage, attempt


@attempt
def a_suspended_persons_token_reads(on: Stage) -> TestResponse:
    token, _ = issue_token(on.scene.applicant, "old", at=AT)
    on.suspend(on.scene.applicant)
    path = f"/api/v1/bookings/{on.reference}"
    return on.client.get(path, headers={"Authorization": f"Bearer {token}"})


@attempt
def a_suspended_persons_secret_calendar_is_read(on: Stage) -> TestResponse:
    address = calendar_url(on.scene.applicant).split("/", 3)[3]
    on.suspend(on.scene.applicant)
    return on.client.get(f"/{address}")


@attempt
def a_suspended_manager_approves(on: Stage) -> TestResponse:
    token, _ = issue_token(on.scene.manager, "old", at=AT)
    on.suspend(on.scene.manager)
    return on.client.post(
        f"/api/v1/bookings/{on.reference}/actions/approve", json={},
        headers={"Authorization": f"Bearer {token}", "If-Match": '"1"'},
    )  # fmt: skip


@attempt
def a_secret_calendar_is_guessed(on: Stage) -> TestResponse:
    return on.client.get(f"/calendars/private/{on.scene.applicant.id}-{'0' * 40}.ics")


@attempt
def a_link_that_proves_the_mailbox_is_used_again(on: Stage) -> TestResponse:
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


@attempt
def the_code_of_a_letter_is_guessed(on: Stage) -> TestResponse:
    return on.client.get(f"/letters/verify?code={new_code()}")


@attempt
def the_number_of_a_letter_is_tried_as_its_code(on: Stage) -> TestResponse:
    return on.client.get("/api/v1/letters/verify?code=L-2026-000001")


@attempt
def an_invitation_that_ran_out_is_used(on: Stage) -> TestResponse:
    return on.client.post(f"/join/invitation/{invited(on, AT - LIFE)}", data=PROFILE)


@attempt
def an_invitation_that_was_taken_back_is_used(on: Stage) -> TestResponse:
    secret = invited(on, AT)
    taken_back = on.session.scalars(select(Invitation)).one()
    withdraw(taken_back.id, by=on.cast["l"], at=AT)
    on.session.commit()
    return on.client.post(f"/join/invitation/{secret}", data=PROFILE)


@attempt
def an_invitation_of_who_is_liaison_no_more_is_used(on: Stage) -> TestResponse:
    secret = invited(on, AT)
    (role,) = [each for each in on.cast["l"].grants if each.role == Role.LIAISON]
    role.ends_on = AT.date() - timedelta(days=1)
    on.session.commit()
    return on.client.post(f"/join/invitation/{secret}", data=PROFILE)


@attempt
def an_invitation_of_a_suspended_liaison_is_used(on: Stage) -> TestResponse:
    secret = invited(on, AT)
    on.suspend(on.cast["l"])
    return on.client.post(f"/join/invitation/{secret}", data=PROFILE)


@attempt
def an_invitation_is_guessed(on: Stage) -> TestResponse:
    secret = invited(on, AT)
    return on.client.post(f"/join/invitation/{secret[:-4]}AAAA", data=PROFILE)


PROFILE = {
    "display_name": "X", "password": "a camel in the observatory", "language": "en",
    "time_zone": "UTC",
}  # fmt: skip


def invited(on: Stage, at: datetime) -> str:
    """The secret of an invitation by the liaison."""
    liaison = on.cast["l"]
    guest = Guest("guest@steppe.example", "A guest", "en")
    (made,) = invite_all([guest], liaison.institution, by=liaison, at=at)
    on.session.commit()
    return path_of(made.id, made.email).rpartition("/")[2]


@attempt
def a_sign_in_through_a_provider_is_replayed(on: Stage) -> TestResponse:
    return _comes_back(on, twice=True)


@attempt
def a_sign_in_through_a_provider_comes_back_in_another_browser(on: Stage) -> TestResponse:
    return _comes_back(on, begun_with="another browser")


def _comes_back(
    on: Stage, *, twice: bool = False, begun_with: str = "this browser"
) -> TestResponse:
    """What the browser is sent back with from a provider that let nobody in; nothing is asked of it."""
    begin("campus", "a state", begun_with, target="", linking=None, at=AT)
    on.session.commit()
    with on.client.session_transaction() as session:
        session[BROWSER] = "this browser"
    path = "/sign-in/with/campus/back?state=a%20state&error=access_denied"
    if twice:
        assert on.client.get(path).status_code == 403
    answer: TestResponse = on.client.get(path)
    assert answer.status_code == 410
    said = on.session.scalars(select(AuditEntry).where(AuditEntry.action == "openid.refused")).all()
    assert said[-1].details["why"] == ("replayed" if twice else "other browser")
    return answer
