"""The main job on the pages: in English, Chinese and Arabic, and without JavaScript."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
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
def visiting(browser: Browser, server: LiveServer) -> Iterator[list[Visitor]]:
    """A fresh browser for each way, at which one person after another signs in; foreign requests and script
    errors fail the test.
    """
    watch, contexts, visitors = Watch(), [], []
    for language, scripts in WAYS:
        context = browser.new_context(java_script_enabled=scripts, locale="en")
        context.set_default_timeout(15_000)
        context.on("page", watch.over)
        contexts.append(context)
        visitors.append(Visitor(context.new_page(), server.url, language))
    yield visitors
    for context in contexts:
        context.close()
    assert not watch.complaints, watch.complaints


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.contents("demo")
def test_four_researchers_use_an_instrument(installation: Installation, browser: Browser):
    with installation.served() as server, visiting(browser, server) as visitors:
        programme = ApiCaller(server.url).sign_in("programme@demo.example")
        after = datetime.now(UTC) + timedelta(days=2)
        uses = [_asked_and_approved(visitor, after) for visitor in visitors]
        before = used_minutes(programme, uses[0].started_at.year)

        installation.clock.move_to(max(use.ended_at for use in uses))
        for visitor, use in zip(visitors, uses, strict=True):
            _started_and_finished(visitor, use)

        installation.clock.move_to(after_month_of(max(use.ended_at for use in uses)))
        _bill(visitors[0], uses)
        programme = ApiCaller(server.url).sign_in("programme@demo.example")
        check_books(
            uses, programme, ApiCaller(server.url).sign_in("researcher@demo.example"), before
        )
        for visitor, use in zip(visitors, uses, strict=True):
            number = statement_line(programme, use.reference)["number"]
            visitor.sign_in("programme")
            visitor.sees_booking_on_statement(use.reference, number)


def _asked_and_approved(visitor: Visitor, after: datetime) -> Use:
    visitor.sign_in("researcher")
    visitor.find(INSTRUMENT)
    reference, start = visitor.ask_for(FOUR_HOURS, SHANGHAI, after)
    for who in ("manager", "international-office"):
        visitor.sign_in(who)
        visitor.approve(reference)
    return Use(reference, start.astimezone(UTC), (start + FOUR_HOURS).astimezone(UTC))


def _started_and_finished(visitor: Visitor, use: Use) -> None:
    visitor.sign_in("manager")
    visitor.start(use.reference)
    visitor.finish(use, SHANGHAI)
    assert "tag--done" in visitor.state_class(use.reference)


def _bill(visitor: Visitor, uses: Sequence[Use]) -> None:
    visitor.sign_in("programme")
    for period in sorted({use.started_at.strftime("%Y-%m") for use in uses}):
        visitor.issue_statements(period)
