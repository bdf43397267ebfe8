"""Deciders keep what they often say; each applicant reads it in their own language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.booking.desk.replies import services
from instrument_share.booking.desk.replies.errors import ReplyTitleTaken
from instrument_share.booking.desk.replies.services import ReplyTexts
from instrument_share.foundation.errors import NotFound, StaleVersion
from instrument_share.identity.rules import Role
from tests.support.builders import (
    AT,
    make_booking,
    make_facility,
    make_institution,
    make_person,
    make_staff,
)
from tests.support.scene import make_scene
from tests.support.signing import sign_in

pytestmark = pytest.mark.usefixtures("present")

SAFETY = ReplyTexts("Safety form", {"en": "Send the safety form.", "ar": "أرسل نموذج السلامة."})


@pytest.fixture
def scene(session):
    return make_scene()


@pytest.fixture
def kept(scene):
    return services.keep_reply(scene.instrument.facility.slug, SAFETY, by=scene.manager, at=AT)


def test_each_applicant_reads_a_saved_reply_in_their_own_language(scene, kept, client, session):
    people = [make_person(make_institution(), language=tag) for tag in ("ar", "en", "zh-Hans")]
    bookings = [
        make_booking(scene.instrument, each, starts_at=AT + timedelta(days=1, hours=2 * n), hours=1)
        for n, each in enumerate(people)
    ]
    session.commit()
    sign_in(client, scene.manager)
    assert "Safety form" in client.get("/approvals").text
    versions = {f"version-{each.reference}": each.version for each in bookings}
    marked = {"reference": [each.reference for each in bookings], "reply": kept.id}
    for number in (10**20, -1, "x"):
        asked = marked | versions | {"decision": "request-changes", "reply": number}
        assert client.post("/approvals", data=asked).status_code == 422
    client.post("/approvals", data=marked | versions | {"decision": "request-changes"})
    one, two, three = (next(s for s in b.steps if s.comment).comment for b in bookings)
    assert one == "أرسل نموذج السلامة."
    assert two == three == "Send the safety form.", "English where there is none in the language"


def test_what_was_typed_comes_first(scene, kept, client, session):
    booking = scene.ask()
    session.commit()
    sign_in(client, scene.manager)
    client.post(
        f"/bookings/{booking.reference}/reject",
        data={"version": booking.version, "comment": "Not yet.", "reply": kept.id},
    )
    session.refresh(booking)
    assert booking.steps[0].comment == "Not yet.\n\nSend the safety form."


def test_replies_belong_to_the_deciders_of_their_facility(scene, kept):
    elsewhere = make_staff(Role.FACILITY_MANAGER, make_facility())
    slug = scene.instrument.facility.slug
    for act in (
        lambda by: services.keep_reply(slug, ReplyTexts("x", {"en": "x"}), by=by, at=AT),
        lambda by: services.change_reply(kept.id, SAFETY, by=by, at=AT, version=1),
        lambda by: services.remove_reply(kept.id, by=by, at=AT),
        lambda by: services.words_of("", kept.id, by),
    ):
        for stranger in (elsewhere, scene.applicant):
            with pytest.raises(NotFound):
                act(stranger)
    with pytest.raises(ReplyTitleTaken):
        services.keep_reply(slug, SAFETY, by=scene.manager, at=AT)
    with pytest.raises(StaleVersion):
        services.change_reply(kept.id, SAFETY, by=scene.manager, at=AT, version=7)
    services.remove_reply(kept.id, by=scene.manager, at=AT)


def test_pages_keep_what_was_typed(scene, kept, client, session):
    session.commit()
    sign_in(client, scene.manager)
    typed = {"title": "New", "facility": scene.instrument.facility.slug}
    refused = client.post("/manage/replies", data=typed)
    assert refused.status_code == 422
    assert 'value="New"' in refused.text
    assert 'href="#field-text_0"' in refused.text
    assert client.post("/manage/replies", data=typed | {"text_0": "Hello."}).status_code == 302
    page = client.get(f"/manage/replies/{kept.id}").text
    assert "أرسل نموذج السلامة." in page
