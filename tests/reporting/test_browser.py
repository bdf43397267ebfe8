"""Usage, statements and reports in a browser: accessible in three languages, wide and narrow, charts drawn."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from instrument_share.accounting import services

from ..accounting.story import begin
from ..support.marks import sqlite_only
from ..support.signing import sign_in

MARCH = datetime(2026, 3, 10, 1, tzinfo=UTC)
PATHS = ("/usage", "/statements", "/statements/east-2026-03-0001", "/reports?year=2026")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [pytest.mark.browser, sqlite_only]


@pytest.fixture
def signed_in(session, client, site, page):
    """A programme officer's browser, where a month was used and billed."""
    story = begin(discounts={"remote": 100, "on_site": 50})
    story.used(MARCH, samples=2, operator_minutes=45)
    story.used(MARCH + timedelta(days=1), minutes=90, access_mode="remote")
    services.issue_statements("2026-03", by=story.programme, at=datetime(2026, 4, 2, tzinfo=UTC))
    story.confirmed(MARCH + timedelta(days=2))
    session.commit()
    sign_in(client, story.programme)
    cookie = client.get_cookie("session")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": site.url}])
    return page


@pytest.mark.slow
def test_pages_are_accessible_in_three_languages_wide_and_narrow(signed_in, site, axe):
    for language, path in itertools.product(("en", "zh-Hans", "ar"), PATHS):
        joint = "&" if "?" in path else "?"
        signed_in.goto(f"{site.url}{path}{joint}lang={language}", wait_until="load")
        for width in (1280, 320):
            signed_in.set_viewport_size({"width": width, "height": 900})
            axe(signed_in)
            assert signed_in.evaluate(OVERFLOW) <= 0, f"{path} is wider than {width} px"


def test_charts_are_drawn_from_the_tables(signed_in, site):
    signed_in.goto(f"{site.url}/reports?year=2026", wait_until="networkidle")
    tables = signed_in.locator("table[data-chart]").count()
    assert tables == 4
    assert signed_in.locator("canvas").count() == tables
