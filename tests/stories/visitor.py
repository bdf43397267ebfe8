"""Somebody at a browser, who reads the site in one language and uses nothing but its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from .books import Use

#: What is looked for, in the researcher's own language.
WORDS = {
    "en": "transmission electron microscope",
    "zh-Hans": "透射电子显微镜",
    "ar": "المجهر الإلكتروني النافذ",
}
DIRECTIONS = {"en": "ltr", "zh-Hans": "ltr", "ar": "rtl"}


@dataclass
class Visitor:
    """A page of a browser and the language in which it is read."""

    page: Page
    url: str
    language: str
    knows_the_way: bool = False

    def sign_in(self, who: str) -> None:
        """The first time on the page, in the visitor's language; then as its form does it, without showing it."""
        # A late answer to the page before must not bring its cookie back. An empty page would do as well, but costs two
        # processes: the site shares none with anybody else's pages.
        self.page.goto(f"{self.url}/health/live")
        self.page.context.clear_cookies()
        if self.knows_the_way:
            self._send_the_form(f"{who}@demo.example")
            return
        self._open("/sign-in")
        self.page.fill("#field-email", f"{who}@demo.example")
        self.page.fill("#field-password", "demo")
        self.page.press("#field-password", "Enter")
        expect(self.page).to_have_url(f"{self.url}/")
        self.knows_the_way = True

    def _send_the_form(self, email: str) -> None:
        browser = self.page.context.request  # has the cookies of the page
        form = browser.get(f"{self.url}/sign-in?lang={self.language}").text()
        (token,) = set(re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', form))
        answer = browser.post(
            f"{self.url}/sign-in",
            form={"email": email, "password": "demo", "csrf_token": token},
            max_redirects=0,
        )
        assert (answer.status, answer.headers["location"]) == (302, "/")

    def find(self, slug: str) -> None:
        """From the front page by the words of one's own language to the instrument's page."""
        self._open("/")
        html = self.page.locator("html")
        expect(html).to_have_attribute("lang", self.language)
        expect(html).to_have_attribute("dir", DIRECTIONS[self.language])
        self.page.fill("main input[name=q]", WORDS[self.language])
        self.page.press("main input[name=q]", "Enter")
        self.page.click(f"main a[href*='/instruments/{slug}']")
        expect(self.page.locator("h1")).to_have_count(1)

    def ask_for(self, length: timedelta, zone: ZoneInfo, after: datetime) -> tuple[str, datetime]:
        """Ask for the first free stretch of that length; the booking's reference and its start."""
        self._choose_free_time(length, after)
        day, start = (self.page.input_value(f"#field-{name}") for name in ("day", "start"))
        local = datetime.fromisoformat(f"{day}T{start}").replace(tzinfo=zone)
        self.page.fill("#field-end", (local + length).strftime("%H:%M"))
        self.page.locator("input[name=access_mode]").first.check()
        self.page.fill("#field-purpose", WORDS[self.language])
        self._press("form:has(#field-purpose) button[value=send]:not([tabindex='-1'])")
        self.page.wait_for_url("**/bookings/B-*")
        return urlsplit(self.page.url).path.rsplit("/", 1)[1], local

    def approve(self, reference: str) -> None:
        """Say yes in the queue of approvals."""
        self._open("/approvals")
        self._press(
            f"form[action*='/bookings/{reference}/approve'] button[type=submit]:has(> span)"
        )
        expect(self.page.locator(f"form[action*='/bookings/{reference}/approve']")).to_have_count(0)

    def start(self, reference: str) -> None:
        self._open(f"/bookings/{reference}")
        self._press(f"form[action*='/bookings/{reference}/start'] button[type=submit]")

    def finish(self, use: Use, zone: ZoneInfo) -> None:
        """Tell what was really used, on the instrument's clock."""
        self._open(f"/bookings/{use.reference}")
        self.page.click(f"a[href*='/bookings/{use.reference}/finish']")
        began, ended = use.started_at.astimezone(zone), use.ended_at.astimezone(zone)
        self.page.fill("#field-day", began.strftime("%Y-%m-%d"))
        self.page.fill("#field-start", began.strftime("%H:%M"))
        self.page.fill("#field-end", ended.strftime("%H:%M"))
        self._press(
            f"form[action*='/bookings/{use.reference}/finish'] .buttons button[type=submit]"
        )
        self.page.wait_for_url(f"**/bookings/{use.reference}")

    def issue_statements(self, period: str) -> None:
        self._open("/statements")
        self.page.fill("#field-period", period)
        self._press("form[action*='/statements'] button[type=submit]")
        expect(self.page.locator("h1")).to_be_visible()

    def state_class(self, reference: str) -> str:
        """The tone of the state tag on the booking's page."""
        self._open(f"/bookings/{reference}")
        return self.page.locator("main .tag").first.get_attribute("class") or ""

    def sees_booking_on_statement(self, reference: str, number: str) -> None:
        self._open(f"/statements/{number}")
        expect(self.page.locator(f"main table a[href*='{reference}']").first).to_be_visible()

    def _choose_free_time(self, length: timedelta, after: datetime) -> None:
        for _ in range(6):
            for link in self.page.locator("main .slot--free .slot__ask").all():
                address = link.get_attribute("href") or ""
                if self._is_long_enough(address, length, after):
                    self.page.goto(self.url + address if address.startswith("/") else address)
                    return
            self.page.click("main .week-nav a[rel=next]")
        raise AssertionError("no free time of that length within six weeks")

    def _is_long_enough(self, address: str, length: timedelta, after: datetime) -> bool:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        start = datetime.fromisoformat(asked["start"])
        return start >= after and timedelta(minutes=int(asked["minutes"])) >= length

    def _open(self, path: str) -> None:
        answer = self.page.goto(f"{self.url}{path}?lang={self.language}")
        assert answer is not None, path
        assert answer.ok, (path, answer.status)

    def _press(self, selector: str) -> None:
        """By keyboard alone: the button is focused and pressed."""
        button = self.page.locator(selector).first
        button.focus()
        button.press("Enter")
