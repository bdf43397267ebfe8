"""A use from question to record in a browser: every page of it by axe, in two directions, and at 320 px."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.booking import services
from instrument_share.booking.afterwards import credit
from instrument_share.booking.afterwards.models import CreditEntry
from instrument_share.booking.conversation.services import say
from instrument_share.booking.conversation.values import Words
from instrument_share.foundation.clock import now
from tests.support.marks import sqlite_only
from tests.support.scene import make_scene
from tests.support.signing import sign_in
from tests.support.uploads import PDF

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [pytest.mark.browser, pytest.mark.slow, sqlite_only]


@pytest.mark.parametrize("language", ["ar"])
def test_people_talk_choose_mail_and_tell_what_came_of_it(
    session, client, site, page, axe, language
):
    scene = make_scene()
    begin = now().replace(minute=0, second=0) - timedelta(days=2)
    used, missed = (
        scene.confirm(scene.ask(starts_at=begin + timedelta(hours=n), hours=1, at=begin))
        for n in (1, 3)
    )
    how = {"by": scene.operator, "version": None}
    services.start(used.reference, at=used.starts_at, **how)
    services.finish(used.reference, at=used.ends_at, **how)
    services.mark_no_show(missed.reference, at=missed.starts_at, **how)
    say(used.reference, Words("No gloves left", is_internal=True), by=scene.operator, at=begin)
    entry = session.query(CreditEntry).one()
    session.commit()

    def look(path: str) -> None:
        page.goto(f"{site.url}{path}?lang={language}", wait_until="load")
        axe(page)
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate(OVERFLOW) <= 0, f"{path} is wider than 320 px"
        page.set_viewport_size({"width": 1280, "height": 900})

    def enter(person) -> None:
        sign_in(client, person)
        cookie = client.get_cookie("session")
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": site.url}])

    enter(scene.applicant)
    look(f"/bookings/{used.reference}")
    page.locator("#conversation [name=text]").fill("样品 عينة")
    page.locator("#conversation [name=files]").set_input_files(
        {"name": "计划.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.locator("#conversation button[type=submit]").click()
    page.wait_for_url("**#conversation")
    assert page.locator("#conversation .remark").count() == 1
    with page.expect_download() as download:
        page.locator("#conversation .remark__files a").click()
    assert download.value.suggested_filename == "计划.pdf"
    for path in (
        f"/bookings/{used.reference}/afterwards", "/account/notifications", "/account/credit",
        f"/account/credit/{entry.id}",
    ):  # fmt: skip
        look(path)
    credit.contest(entry.id, "I was there", by=scene.applicant, at=now())

    session.commit()
    enter(scene.manager)
    look("/inbox")
    assert page.locator("#waiting-unread a, #waiting-contested a").count() == 2
    look(f"/account/credit/{entry.id}")
    look(f"/bookings/{used.reference}")
    assert page.locator("#conversation .remark--internal").count() == 1
