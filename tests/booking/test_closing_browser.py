"""An outage in a browser, in three languages: closed, told, listed, cancelled, opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.foundation.clock import now
from tests.support.marks import sqlite_only
from tests.support.scene import make_scene
from tests.support.signing import sign_in

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [pytest.mark.browser, pytest.mark.slow, sqlite_only]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_an_outage_is_told_listed_and_ended(session, client, site, page, axe, language):
    scene = make_scene()
    at = now().replace(minute=0, second=0)
    bookings = [scene.ask(starts_at=at + timedelta(days=n), hours=2, at=at) for n in (1, 2)]
    session.commit()
    root = f"{site.url}/manage/instruments/{scene.instrument.slug}/closures"

    def look(path: str) -> None:
        page.goto(f"{path}?lang={language}", wait_until="load")
        axe(page)
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate(OVERFLOW) <= 0, f"{path} is wider than 320 px"
        page.set_viewport_size({"width": 1280, "height": 900})

    def enter(person) -> None:
        sign_in(client, person)
        cookie = client.get_cookie("session")
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": site.url}])

    enter(scene.manager)
    look(root)
    page.locator("#outage [name=reason]").fill("Pump")
    page.locator("#outage button[type=submit]").click()
    page.wait_for_url("**/closures#hits")
    look(root)
    boxes = page.locator("#hits input[type=checkbox]")
    assert boxes.count() == 2
    boxes.first.check()
    page.locator("#hits [name=comment]").fill("Pump")
    page.locator("#hits button[type=submit]").click()
    page.wait_for_url("**/closures#hits")
    assert page.locator("#hits input[type=checkbox]").count() == 1

    enter(scene.applicant)
    look(f"{site.url}/bookings/{bookings[1].reference}")
    assert page.locator(".notice--warning").count() == 1
    look(f"{site.url}/inbox")

    enter(scene.manager)
    look(root)
    page.locator("#coming form").first.locator("button").click()
    page.wait_for_load_state("load")
    assert page.locator("#hits").count() == 0
    for kind in ("closure", "blocking"):
        look(f"{root}/new/{kind}")
