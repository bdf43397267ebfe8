"""The main job on the pages: in English, Chinese and Arabic, and without JavaScript."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.support.api import ApiCaller
from tests.support.browsing import Watch
from tests.support.server import LiveServer

from .books import Use, check_books, statement_line, used_minutes
from .conftest import Installation, after_month_of
from .visitor import Visitor

#: Language, and whether scripts run.
WAYS = [("en", True), ("zh-Hans", True), ("ar", True), ("en", False)]
INSTRUMENT = "tsinghua-titan-80-300"
SHANGHAI = ZoneInfo("Asia/Shanghai")
FOUR_HOURS = timedelta(hours=4)


@contextlib.contextmanager
def visiting(browser: Browser, server: LiveServer, way: tuple[str, bool]) -> Iterator[Visitor]:
    """A fresh browser window on the site; foreign requests and script errors fail the test."""
    language, scripts = way
    watch = Watch()
    context = browser.new_context(java_script_enabled=scripts, locale="en")
    context.set_default_timeout(15_000)
    context.on("page", watch.over)
    yield Visitor(context.new_page(), server.url, language)
    context.close()
    assert not watch.complaints, watch.complaints


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.contents("demo")
def test_four_researchers_use_an_instrument(installation: Installation, browser: Browser):
    with installation.served() as server:
        programme = ApiCaller(server.url).sign_in("programme@demo.example")
        after = datetime.now(UTC) + timedelta(days=2)
        uses = [_asked_and_approved(browser, server, way, after) for way in WAYS]
        before = used_minutes(programme, uses[0].started_at.year)

    with installation.served(at=max(use.ended_at for use in uses)) as server:
        for way, use in zip(WAYS, uses, strict=True):
            with visiting(browser, server, way) as manager:
                manager.sign_in("manager")
                manager.start(use.reference)
                manager.finish(use, SHANGHAI)
                assert "tag--done" in manager.state_class(use.reference)

    with installation.served(at=after_month_of(max(use.ended_at for use in uses))) as server:
        researcher = ApiCaller(server.url).sign_in("researcher@demo.example")
        programme = ApiCaller(server.url).sign_in("programme@demo.example")
        with visiting(browser, server, WAYS[0]) as officer:
            officer.sign_in("programme")
            for period in sorted({use.started_at.strftime("%Y-%m") for use in uses}):
                officer.issue_statements(period)
        check_books(uses, programme, researcher, before)
        for way, use in zip(WAYS, uses, strict=True):
            number = statement_line(programme, use.reference)["number"]
            with visiting(browser, server, way) as officer:
                officer.sign_in("programme")
                officer.sees_booking_on_statement(use.reference, number)


def _asked_and_approved(
    browser: Browser, server: LiveServer, way: tuple[str, bool], after: datetime
) -> Use:
    with visiting(browser, server, way) as researcher:
        researcher.sign_in("researcher")
        researcher.find(INSTRUMENT)
        reference, start = researcher.ask_for(FOUR_HOURS, SHANGHAI, after)
    for who in ("manager", "international-office"):
        with visiting(browser, server, way) as decider:
            decider.sign_in(who)
            decider.approve(reference)
    return Use(reference, start.astimezone(UTC), (start + FOUR_HOURS).astimezone(UTC))
