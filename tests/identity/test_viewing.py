"""Support sees what somebody else sees, changes nothing, and leaves its trace."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from instrument_share.identity.models import AuditEntry
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from instrument_share.notification.models import Message
from tests.support.builders import grant, make_institution, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in


@pytest.fixture
def administrator(session):
    person = make_person()
    grant(person, Role.ADMINISTRATOR, PROGRAMME)
    return person


def trail(session):
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def test_it_shows_their_pages_changes_nothing_and_ends(session, client, administrator):
    scene = make_scene()
    booking = scene.ask(purpose="Grain boundaries of steel")
    session.commit()
    sign_in(client, administrator)
    before = session.scalar(select(func.count(Message.id)))
    assert client.post(f"/manage/people/{scene.applicant.id}/view-as").status_code == 302
    page = client.get("/bookings").text
    assert booking.reference in page
    assert f"You view the site as {scene.applicant.display_name}" in page
    refused = client.post(f"/bookings/{booking.reference}/cancel", data={"version": "1"})
    assert (refused.status_code, "Stop viewing" in refused.text) == (403, True)
    assert client.post("/account/tokens", data={"label": "mine"}).status_code == 403
    assert client.post("/account", data={"display_name": "x"}).status_code == 403
    for theirs_alone in ("/account", "/calendars", "/api/v1/account"):
        assert client.get(theirs_alone).status_code == 403, theirs_alone
    session.expire_all()
    assert booking.state == "submitted"
    assert session.scalar(select(func.count(Message.id))) == before
    assert client.post("/stop-viewing").status_code == 302
    assert "You view the site as" not in client.get("/bookings").text
    assert trail(session)[-2:] == ["account.view_as", "account.viewing_ended"]


def test_who_oversees_the_site_is_not_viewed_and_strangers_view_nobody(
    session, client, administrator
):
    officer, somebody = make_person(), make_person(make_institution())
    grant(officer, Role.PROGRAMME_OFFICER, PROGRAMME)
    own = make_person(make_institution())
    grant(own, Role.ADMINISTRATOR, Scope("institution", own.institution_id))
    session.commit()
    for viewer, viewed in (
        (administrator, officer), (administrator, administrator), (somebody, own), (own, somebody),
    ):  # fmt: skip
        sign_in(client, viewer)
        assert client.post(f"/manage/people/{viewed.id}/view-as").status_code == 404
    assert "account.view_as" not in trail(session)


def test_a_role_taken_back_ends_it_at_the_next_request(session, client, administrator):
    somebody = make_person(make_institution())
    session.commit()
    sign_in(client, administrator)
    client.post(f"/manage/people/{somebody.id}/view-as")
    assert "You view the site as" in client.get("/").text
    session.delete(administrator.grants[0])
    session.commit()
    assert "You view the site as" not in client.get("/").text
