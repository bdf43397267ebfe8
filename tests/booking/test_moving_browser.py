"""A booking is moved on the drawn week: dragged, resized, and by keys alone, in both directions of writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from instrument_share.booking.models import Booking
from instrument_share.foundation.clock import now
from tests.support.browsing import axe
from tests.support.builders import make_booking, make_institution, make_person
from tests.support.marks import sqlite_only
from tests.support.scene import make_scene
from tests.support.signing import sign_in

pytestmark = [sqlite_only, pytest.mark.browser, pytest.mark.slow]

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOUR_HIGH = 28  # pixels, as week-calendar.js draws it


@dataclass
class Week:
    """The page on which the applicant moves a booking of 10:00 to 14:00, three days from now."""

    page: Page
    url: str
    booking: Booking
    session: object

    def open(self, language: str) -> None:
        self.page.goto(f"{self.url}/bookings/{self.booking.reference}/reschedule?lang={language}")
        self.page.locator(".week-nav").scroll_into_view_if_needed()
        expect(self.own).to_be_visible()

    @property
    def own(self) -> Locator:
        return self.page.locator(".ec-event.is-own").first

    @property
    def handle(self) -> Locator:
        return self.page.locator(".week-calendar__handle")

    @property
    def told(self) -> Locator:
        return self.page.locator(".week-calendar__told")

    def drag(self, days: int, hours: int, *, end_only: bool = False) -> None:
        """Hold it in its middle, or at its lower end, and let go that much later."""
        held = self.own.locator(".ec-resizer:not(.ec-start)") if end_only else self.own
        expect(self.page.locator(".ec-event.is-own")).to_have_count(1)
        held.hover()  # waits until it stands still
        box = held.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * (0.5 if end_only else 0.45)
        along = hours * HOUR_HIGH - (HOUR_HIGH / 8 if end_only else 0)  # it snaps to half hours
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x, y + 8, steps=3)
        mouse.move(x + days * self.day_wide(), y + along, steps=8)
        mouse.up()

    def day_wide(self) -> float:
        """From one day's column to the next; to the left in a page from right to left."""
        boxes = [each.bounding_box() for each in self.page.locator(".ec-main .ec-day").all()[:2]]
        return boxes[1]["x"] - boxes[0]["x"]

    def expect_slot(self, start: datetime, end: datetime) -> None:
        """What the form says."""
        local = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
        expect(self.page.locator("#field-start")).to_have_value(f"{local[0]:%H:%M}")
        expect(self.page.locator("#field-day")).to_have_value(f"{local[0]:%Y-%m-%d}")
        expect(self.page.locator("#field-end")).to_have_value(f"{local[1]:%H:%M}")

    def stored(self) -> tuple[datetime, datetime]:
        self.session.rollback()  # a new look at what others wrote
        self.session.expire_all()
        return self.booking.starts_at, self.booking.ends_at


@pytest.fixture
def start() -> datetime:
    local = now().astimezone(SHANGHAI) + 3 * DAY
    return local.replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def week(session, client, site, page, start) -> Week:
    scene = make_scene()
    booking = scene.ask(at=now(), starts_at=start)
    other = make_person(make_institution())
    make_booking(scene.instrument, other, at=now(), starts_at=start + 2 * DAY)
    session.commit()
    page.set_viewport_size({"width": 1280, "height": 2800})
    sign_in(client, scene.applicant)
    cookie = client.get_cookie("session")
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": site.url}])
    return Week(page, site.url, booking, session)


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_a_booking_is_dragged_and_resized_and_confirmed(week: Week, start, language):
    week.open(language)
    axe(week.page)
    week.drag(days=1, hours=2)
    week.expect_slot(start + DAY + 2 * HOUR, start + DAY + 6 * HOUR)
    expect(week.told).not_to_be_empty()
    week.drag(days=0, hours=1, end_only=True)
    week.expect_slot(start + DAY + 2 * HOUR, start + DAY + 7 * HOUR)
    axe(week.page)
    assert week.stored() == (start, start + 4 * HOUR), "nothing is changed before it is confirmed"
    week.page.locator(".week-calendar__mover .button--primary").click()
    expect(week.page.locator(".notice--success")).to_be_visible()
    assert week.stored() == (start + DAY + 2 * HOUR, start + DAY + 7 * HOUR)


@pytest.mark.parametrize(("language", "onward"), [("en", "ArrowRight"), ("ar", "ArrowLeft")])
def test_keys_do_the_same(week: Week, start, language, onward):
    week.open(language)
    week.handle.focus()
    week.page.keyboard.press(onward)
    week.page.keyboard.press("ArrowUp")
    week.page.keyboard.press("Shift+ArrowDown")
    week.expect_slot(start + DAY - HOUR / 2, start + DAY + 4 * HOUR)
    week.page.keyboard.press("Escape")
    week.expect_slot(start, start + 4 * HOUR)
    week.page.keyboard.press(onward)
    expect(week.handle).to_be_focused()
    if language == "en":
        expect(week.told).to_contain_text("Shanghai")
        expect(week.told).to_contain_text("Almaty")
    week.page.keyboard.press("Enter")
    expect(week.page.locator(".notice--success")).to_be_visible()
    assert week.stored() == (start + DAY, start + DAY + 4 * HOUR)


def test_a_refused_move_comes_back_with_alternatives_and_the_drag_is_undone(week: Week, start):
    week.open("en")
    week.handle.focus()
    for _ in range(2):
        week.page.keyboard.press("ArrowRight")
    expect(week.told).to_contain_text("This time is not free.")
    week.page.keyboard.press("Enter")
    expect(week.page.locator(".error-summary")).to_contain_text("This time is taken")
    expect(week.page.get_by_role("button", name="Use this time").first).to_be_visible()
    week.page.locator(".week-nav").scroll_into_view_if_needed()
    expect(week.handle).to_contain_text(f"{start:%d}".lstrip("0"))
    assert week.stored() == (start, start + 4 * HOUR)
