"""Booking's pages in a browser: accessible, as wide as the screen, and complete without scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from instrument_share.booking import services
from instrument_share.booking.values import SampleEntry
from instrument_share.foundation.clock import now
from instrument_share.identity.passwords import hash_password
from tests.support.browsing import axe
from tests.support.builders import make_agreement, make_booking, make_project
from tests.support.marks import sqlite_only
from tests.support.scene import Scene, make_scene
from tests.support.server import LiveServer

pytestmark = [sqlite_only, pytest.mark.browser, pytest.mark.slow]

PASSWORD = "a long enough password"


@dataclass
class Stage:
    """The scene on a running server, at a full hour of the present."""

    scene: Scene
    server: LiveServer
    at: datetime

    def sign_in(self, page: Page, email: str) -> None:
        page.context.clear_cookies()
        page.goto(f"{self.server.url}/sign-in?lang=en")
        page.fill("#field-email", email)
        page.fill("#field-password", PASSWORD)
        page.press("#field-password", "Enter")
        # Else the next page overtakes this one.
        expect(page).not_to_have_url(re.compile("/sign-in"))


@pytest.fixture
def stage(session, site) -> Stage:
    secret = hash_password(PASSWORD)
    scene = make_scene(modes=["on_site", "mail_in"])
    for person in (scene.applicant, scene.manager, scene.office):
        person.password_hash = secret
    make_agreement(scene.instrument.facility.host, scene.applicant.institution)
    make_project(scene.applicant)
    session.commit()
    return Stage(scene, site, now().replace(minute=0, second=0))


def looked_at(page: Page, address: str) -> None:
    """In three languages, wide and narrow."""
    for lang in ("en", "zh-Hans", "ar"):
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
            axe(page)


def test_pages_are_accessible_and_fit(stage, session, page) -> None:
    scene, at, url = stage.scene, stage.at, stage.server.url
    booking = make_booking(
        scene.instrument,
        scene.applicant,
        at=at,
        starts_at=at + timedelta(days=1),
        samples=(SampleEntry("Foil", 3, "brittle", "destroy"),),
    )
    shown = f"{url}/bookings/{booking.reference}"
    session.commit()
    stage.sign_in(page, scene.applicant.email)
    for address in (
        f"{url}/instruments/{scene.instrument.slug}",
        f"{url}/instruments/{scene.instrument.slug}/book",
        f"{url}/bookings",
        shown,
        f"{shown}/reschedule",
    ):
        looked_at(page, address)
    stage.sign_in(page, scene.manager.email)
    looked_at(page, f"{url}/approvals")
    looked_at(page, f"{shown}/reject")
    services.approve(booking.reference, by=scene.manager, at=at, version=None)
    session.commit()
    looked_at(page, shown)
    looked_at(page, f"{url}/approvals")


def test_an_error_takes_the_focus_and_leads_to_its_field(stage, page) -> None:
    stage.sign_in(page, stage.scene.applicant.email)
    page.goto(f"{stage.server.url}/instruments/{stage.scene.instrument.slug}/book")
    day = (stage.at + timedelta(days=2)).date().isoformat()
    fill_in(page, day, "13:00", "09:00")
    page.get_by_role("button", name="Send the request").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    axe(page)
    summary.get_by_role("link").click()
    expect(page.locator("#field-end")).to_be_focused()


def test_typed_time_is_told_on_the_readers_clock(stage, page) -> None:
    stage.sign_in(page, stage.scene.applicant.email)
    page.goto(f"{stage.server.url}/instruments/{stage.scene.instrument.slug}/book")
    fill_in(page, "2031-03-03", "09:00", "13:00")
    told = page.locator("[data-time-preview-text]")
    expect(told).to_contain_text("Almaty")
    expect(told).to_contain_text("6:00")
    page.get_by_label("Mine: Almaty").check()
    expect(told).to_be_hidden()


def test_a_request_is_made_and_decided_without_scripts(stage, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    scene, url = stage.scene, stage.server.url
    stage.sign_in(page, scene.applicant.email)
    page.goto(f"{url}/instruments/{scene.instrument.slug}")
    page.get_by_role("link", name="Ask for this time").nth(2).click()
    page.get_by_label("On-site").check()
    page.get_by_label("Purpose").fill("Grain boundaries")
    page.get_by_role("button", name="Send the request").click()
    expect(page.locator(".notice--success")).to_contain_text("The request is sent")
    for decider in (scene.manager, scene.office):
        stage.sign_in(page, decider.email)
        page.goto(f"{url}/approvals")
        expect(page.locator("main")).to_contain_text("Grain boundaries")
        page.locator("main").get_by_role("button", name="Approve B-").click()
        expect(page.locator("main")).to_contain_text("Nothing waits for your decision")
    stage.sign_in(page, scene.applicant.email)
    page.goto(f"{url}/bookings")
    expect(page.locator("main")).to_contain_text("confirmed")
    context.close()


def fill_in(page: Page, day: str, start: str, end: str) -> None:
    page.fill("#field-day", day)
    page.fill("#field-start", start)
    page.fill("#field-end", end)
    page.check("input[name=access_mode][value=on_site]")
    page.fill("[name=purpose]", "Grain boundaries")


def test_a_series_is_checked_and_sent_with_and_without_scripts(
    stage, browser: Browser, page
) -> None:
    scene, url = stage.scene, stage.server.url
    plain = browser.new_context(java_script_enabled=False, locale="en").new_page()
    for visitor in (plain, page):
        stage.sign_in(visitor, scene.applicant.email)
    walks = (
        ("ar", plain, ("09:00", "11:00")),
        ("zh-Hans", page, ("11:30", "12:30")),
        ("en", page, ("13:00", "15:00")),
    )
    for language, visitor, hours in walks:
        visitor.set_viewport_size({"width": 1280, "height": 900})
        visitor.goto(f"{url}/instruments/{scene.instrument.slug}/book?lang={language}")
        fill_in(visitor, (stage.at + timedelta(days=2)).date().isoformat(), *hours)
        visitor.locator("details:has(#field-repeat) > summary").click()
        visitor.select_option("#field-repeat", "daily")
        visitor.fill("#field-times", "4")
        visitor.locator("main .button--primary").click()
        send = visitor.locator("button[name=do][value=send]")
        expect(send).to_be_visible()
        expect(visitor.locator("tbody tr")).to_have_count(4)
        if visitor is page:
            axe(page)
            page.set_viewport_size({"width": 320, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
        send.click()
        expect(visitor.locator(".notice--success")).to_be_visible()
        assert visitor.locator("html").get_attribute("lang") == language
    address = page.url
    looked_at(page, f"{address}/reschedule")
    stage.sign_in(page, scene.manager.email)
    looked_at(page, address)
    page.goto(f"{url}/approvals?lang=en")
    axe(page)
    page.get_by_role("button", name="Approve all of them").first.click()
    expect(page.locator(".notice--success")).to_contain_text("Approved")
