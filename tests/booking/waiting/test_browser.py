"""From a taken time to an accepted offer in a browser, in three languages, wide and narrow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from instrument_share.booking import services
from instrument_share.foundation.clock import now
from instrument_share.foundation.transaction import perform
from tests.support.builders import make_institution, make_person
from tests.support.marks import sqlite_only
from tests.support.scene import make_scene
from tests.support.signing import sign_in

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [sqlite_only, pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def scene(session):
    return make_scene(applicant={"mail_verified_at": now()})


@pytest.fixture
def signed_in(session, client, scene, site, page):
    """The browser of somebody who wants what the scene's applicant has."""
    person = make_person(make_institution())
    session.commit()
    sign_in(client, person)
    cookie = client.get_cookie("session")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": site.url}])
    return page


def test_from_a_taken_time_to_an_accepted_offer(session, signed_in, scene, site, axe):
    start = (now() + timedelta(days=9)).replace(hour=4, minute=0, second=0)
    booking = scene.ask(starts_at=start, at=now())
    session.commit()
    page, slug = signed_in, scene.instrument.slug

    page.goto(f"{site.url}/instruments/{slug}/book?start={start:%Y-%m-%dT%H:%M}Z&minutes=240")
    page.fill("#field-purpose", "Thin films")
    page.locator("button[name=do][value=send]:not([tabindex='-1'])").press("Enter")
    page.locator("button[name=do][value=wait]").press("Enter")
    assert page.input_value("#field-purpose") == "Thin films"
    assert page.input_value("#field-minutes") == "240"
    _look_at(page, axe)
    page.locator("button[name=do][value=join]").press("Enter")
    expect(page.locator("main")).to_contain_text("Place 1 in line")

    perform(services.cancel, booking.reference, by=scene.applicant, at=now(), version=None)
    for language in ("ar", "zh-Hans", "en"):
        page.goto(f"{site.url}/waiting-list?lang={language}")
        _look_at(page, axe)
    page.goto(f"{site.url}/instruments/{slug}")
    _look_at(page, axe)
    page.goto(f"{site.url}/waiting-list")
    page.locator("form[action$='/accept'] button").press("Enter")
    page.wait_for_url("**/bookings/B-*")
    expect(page.locator("main .tag").first).to_have_text("submitted")


def _look_at(page, axe) -> None:
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        assert page.evaluate(OVERFLOW) <= 0, f"{page.url} is wider than {width} px"
