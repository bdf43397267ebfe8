"""Somebody with a browser, a mailbox and a language of their own. What they find never depends on the language."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, Response, expect
from pyotp import TOTP

from tests.support.browsing import Watch

#: Of everybody in the story.
PASSWORD = "saffron ladder under quiet rain"
DIRECTIONS = {"en": "ltr", "zh-Hans": "ltr", "ar": "rtl"}


@dataclass
class Site:
    """Where the server is today: it has another address after each start."""

    url: str = ""


@dataclass
class Somebody:
    """A person at a browser window."""

    name: str
    email: str
    language: str
    page: Page
    site: Site
    second_factor: str = field(default="", repr=False)

    def open(self, path: str, status: int = 200) -> None:
        """A page by its address, or by the link in a mail."""
        answer = self.page.goto(path if path.startswith("http") else self.site.url + path)
        assert answer is not None
        assert answer.status == status, (path, answer.status)

    def sign_in(self) -> None:
        self.page.context.clear_cookies()
        self.open("/sign-in")
        self.write(email=self.email, password=PASSWORD)
        self.press("form:has(#field-password) .button--primary")
        if self.second_factor:
            self.write(otp=TOTP(self.second_factor).now())
            self.press("form:has(#field-otp) .button--primary")
        self.reads_own_language()

    def reads_own_language(self) -> None:
        html = self.page.locator("html")
        expect(html).to_have_attribute("lang", self.language)
        expect(html).to_have_attribute("dir", DIRECTIONS[self.language])

    def write(self, **fields: str) -> None:
        """Fill in fields by name: what a list offers is chosen."""
        for name, text in fields.items():
            control = self.page.locator(f"#field-{name}")
            if control.evaluate("it => it.tagName") == "SELECT":
                control.select_option(text)
            else:
                control.fill(text)

    def choose(self, **fields: str) -> None:
        """Tick one of several: `input[name=…][value=…]`."""
        for name, value in fields.items():
            self.page.check(f"input[name='{name}'][value='{value}']")

    def press(self, selector: str, refused: bool = False) -> Response:
        """By keyboard: focus a button and press it. The answer is a page that complains only if `refused`."""
        button = self.page.locator(selector).first
        with self.page.expect_navigation() as going:
            button.press("Enter")
        answer = going.value
        assert answer.ok is not refused, (selector, answer.status, self._complaint())
        assert bool(self._complaint()) is refused, (selector, self._complaint())
        return answer

    def follow(self, selector: str) -> None:
        """Go where a link leads."""
        with self.page.expect_navigation():
            self.find(selector).first.press("Enter")

    def find(self, selector: str) -> Locator:
        return self.page.locator(f"main {selector}")

    def sees(self, selector: str) -> None:
        expect(self.find(selector).first).to_be_visible()

    def _complaint(self) -> str:
        there = self.page.locator(".error-summary, .notice--error")
        return " / ".join(there.all_inner_texts())


@dataclass
class House:
    """Opens a browser window for each of several people; no page may call elsewhere or break."""

    browser: Browser
    site: Site
    watch: Watch = field(default_factory=Watch)
    windows: list[Page] = field(default_factory=list)

    def somebody(self, name: str, email: str, language: str, second_factor: str = "") -> Somebody:
        context = self.browser.new_context(locale="en")
        context.set_default_timeout(15_000)
        context.on("page", self.watch.over)
        page = context.new_page()
        self.windows.append(page)
        return Somebody(name, email, language, page, self.site, second_factor)


@contextlib.contextmanager
def house(browser: Browser) -> Iterator[House]:
    here = House(browser, Site())
    yield here
    for page in here.windows:
        page.context.close()
    assert not here.watch.complaints, here.watch.complaints
