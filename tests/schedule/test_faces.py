"""The pages of calendars and messages in a browser: accessible, and as wide as the screen."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask.sessions import SecureCookieSessionInterface

from instrument_share.foundation.clock import now
from instrument_share.foundation.database import db
from instrument_share.foundation.interval import Interval
from instrument_share.foundation.localtime import midnight_of
from instrument_share.identity.sessions.cookie import content_for
from tests.support.builders import make_closure, make_instrument
from tests.support.marks import sqlite_only
from tests.support.scene import make_scene


@pytest.fixture(autouse=True)
def present() -> None:
    """The server's clock is the real one."""


@sqlite_only
@pytest.mark.browser
@pytest.mark.slow
def test_the_pages_are_accessible_and_fit(app, session, site, page, axe):
    at = now().replace(minute=0, second=0)
    scene = make_scene(setup_minutes=30)
    booking = scene.ask(starts_at=at + timedelta(days=1), at=at)
    closed = make_instrument(scene.instrument.facility)
    make_closure(closed, Interval(booking.starts_at, booking.ends_at))
    session.commit()
    sign_in_as(app, page, site, scene.applicant)
    day = booking.starts_at.date()
    sheet = f"/instruments/{scene.instrument.slug}/week-sheet"
    for path in (
        "/inbox",
        "/calendars",
        f"/schedule?day={day}",
        f"/schedule?view=week&day={day}",
        sheet,
    ):
        for lang in ("en", "zh-Hans", "ar"):
            page.goto(f"{site.url}{path}{'&' if '?' in path else '?'}lang={lang}")
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                axe(page)


@sqlite_only
@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_free_time_on_the_schedule_leads_into_the_form(app, session, site, page, lang):
    at = now().replace(minute=0, second=0)
    scene = make_scene()
    day = (at + timedelta(days=3)).date()
    start = midnight_of(day, ZoneInfo(scene.applicant.time_zone))
    scene.ask(starts_at=start + timedelta(hours=6), at=at)
    session.commit()
    sign_in_as(app, page, site, scene.applicant)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    schedule = f"{site.url}/schedule?day={day}&lang={lang}"
    page.goto(schedule)
    assert len(requests) <= 8, requests
    lane = page.get_by_role("slider")
    page.keyboard.press("Tab")  # whoever uses keys: the lane can be reached and moved along
    lane.focus()
    for _ in range(2):
        page.keyboard.press("PageUp")  # three hours each: the request begins
    taken = lane.get_attribute("aria-valuetext")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bookings/B-*")  # one's own booking, never the form
    page.goto(schedule)
    lane.focus()
    page.keyboard.press("PageUp")
    assert lane.get_attribute("aria-valuetext") != taken
    page.keyboard.press("Enter")
    page.wait_for_url("**/book?start=*")
    asked = parse_qs(urlsplit(page.url).query)["start"][0]
    assert datetime.fromisoformat(asked) == start + timedelta(hours=3)
    page.goto(schedule)  # and by pointer, at three quarters of the day
    box = lane.bounding_box()
    assert box
    x = box["width"] * (0.25 if lang == "ar" else 0.75)
    lane.click(position={"x": x, "y": box["height"] / 2})
    page.wait_for_url("**/book?start=*")
    asked = parse_qs(urlsplit(page.url).query)["start"][0]
    off = datetime.fromisoformat(asked) - (start + timedelta(hours=18))
    assert abs(off) <= timedelta(minutes=30)


def sign_in_as(app, page, site, person) -> None:
    cookie = content_for(person, "a browser", at=now())
    db.session.commit()
    signed = SecureCookieSessionInterface().get_signing_serializer(app).dumps(cookie)
    page.context.add_cookies([{"name": "session", "value": signed, "url": site.url}])
