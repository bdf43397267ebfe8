"""Through a provider's own page in a real browser, whose content policy lets a form lead nowhere else."""

from __future__ import annotations

import pytest

from tests.support.browsing import axe
from tests.support.marks import sqlite_only
from tests.support.provider import running
from tests.support.server import ALONE, serve
from tests.support.starting import forked

pytestmark = [sqlite_only, pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def provider(monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider's own check of its address
    with running() as provider:
        provider.knows("alice", name="Aigerim", email="a@uni.example", email_verified=True)
        yield provider


@pytest.fixture
def environ(environ, provider):
    return environ | provider.settings


@pytest.fixture
def server(environ, tmp_path):
    with serve(environ, tmp_path, workers=1, options=ALONE, start=forked) as server:
        yield server


def test_from_the_button_to_ones_own_account(server, browser):
    context = browser.new_context(locale="ar", viewport={"width": 320, "height": 800})
    context.set_default_timeout(10_000)
    page = context.new_page()  # unwatched: the provider's page asks other hosts for its style
    page.goto(f"{server.url}/sign-in?next=/account")
    axe(page)
    page.click("#providers button")
    page.wait_for_url("**/oauth2/authorize**")
    page.fill("input[name=sub]", "alice")
    page.locator("button[type=submit]").first.click()
    page.wait_for_url("**/sign-in/new-account")
    axe(page)
    page.check("#field-agreed")
    page.click("form.form button[type=submit]")
    page.wait_for_url("**/account")
    axe(page)
    assert "Campus" in page.inner_text("#ways")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.click("#ways form button")  # the last way in stays
    page.wait_for_url("**/account#ways")
    assert page.locator(".notice--warning").count() == 1
    context.close()
