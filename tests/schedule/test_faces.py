"""The pages of calendars and messages in a browser: accessible, and as wide as the screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.sessions import SecureCookieSessionInterface

from instrument_share.foundation.clock import now
from instrument_share.foundation.interval import Interval
from tests.support.builders import make_closure, make_instrument
from tests.support.marks import sqlite_only
from tests.support.scene import make_scene


@pytest.fixture(autouse=True)
def present() -> None:
    """The server's clock is the real one."""


@sqlite_only
@pytest.mark.browser
@pytest.mark.slow
def test_the_pages_are_accessible_and_fit(app, session, live_server, page, axe):
    at = now().replace(minute=0, second=0)
    scene = make_scene(setup_minutes=30)
    booking = scene.ask(starts_at=at + timedelta(days=1), at=at)
    closed = make_instrument(scene.instrument.facility)
    make_closure(closed, Interval(booking.starts_at, booking.ends_at))
    session.commit()
    cookie = {"_user_id": scene.applicant.get_id(), "_fresh": True}
    signed = SecureCookieSessionInterface().get_signing_serializer(app).dumps(cookie)
    page.context.add_cookies([{"name": "session", "value": signed, "url": live_server.url}])
    for path in ("/inbox", "/calendars", f"/schedule?day={booking.starts_at.date()}"):
        for lang in ("en", "zh-Hans", "ar"):
            page.goto(f"{live_server.url}{path}{'&' if '?' in path else '?'}lang={lang}")
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                axe(page)
