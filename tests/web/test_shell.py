"""What holds for every page and call: language, headers, refusals, help."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import request

from instrument_share import Settings, create_app
from instrument_share.settings import SettingsError
from instrument_share.web.help_pages import error_codes
from tests.support.builders import make_person
from tests.support.marks import sqlite_only
from tests.support.signing import sign_in

pytestmark = sqlite_only


@pytest.mark.parametrize(
    ("asked", "language", "direction"),
    [
        ({"query_string": {"lang": "ar"}}, "ar", "rtl"),
        ({"headers": {"Accept-Language": "zh-CN,zh;q=0.9"}}, "zh-Hans", "ltr"),
        ({"headers": {"Accept-Language": "fr"}}, "en", "ltr"),
        ({"query_string": {"lang": "tlh"}}, "en", "ltr"),
    ],
)
def test_a_page_speaks_the_language_it_is_asked_in(client, asked, language, direction):
    page = client.get("/help", **asked).text
    assert f'<html lang="{language}" dir="{direction}">' in page


def test_a_chosen_language_is_remembered(client):
    client.get("/?lang=ar")
    assert '<html lang="ar" dir="rtl">' in client.get("/help").text


@pytest.mark.parametrize("number", ["9" * 30, "-1", "2e9", "٢"])
def test_no_page_fails_on_the_number_of_a_page(client, number):
    """Every page tells it in its title."""
    assert client.get("/help", query_string={"page": number}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/help", "/sign-in", "/nowhere", "/api/v1/nowhere"])
def test_every_answer_carries_its_protection(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert set(policy.split("; ")) >= {
        "default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
        "frame-ancestors 'none'",
    }  # fmt: skip
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Request-ID"]


def test_a_site_with_an_https_address_asks_for_it_behind_a_proxy_too(app, client):
    """The proxy takes the encryption off: what reaches the server is plain."""
    assert "Strict-Transport-Security" not in client.get("/help").headers
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, base_url="https://share.example.edu")
    assert "max-age=31536000" in client.get("/help").headers["Strict-Transport-Security"]


def test_no_script_and_no_other_site_gets_hold_of_the_cookie(client, environ):
    """By https its name alone says that this host has set it, for all of itself and for nobody else."""
    client.get("/?lang=ar")
    plain = client.get_cookie("session")
    environ["INSTRUMENT_SHARE_BASE_URL"] = "https://share.example.edu"
    behind_tls = create_app(Settings.from_environment(environ)).test_client()
    behind_tls.get("/?lang=ar", base_url="https://share.example.edu")
    cookie = behind_tls.get_cookie("__Host-session", "share.example.edu")
    assert (plain.secure, cookie.secure) == (False, True)
    for each in (plain, cookie):
        assert (each.http_only, each.same_site) == (True, "Lax")
        assert (each.path, each.origin_only) == ("/", True)


def test_nothing_is_kept_in_the_browser_that_outlives_signing_out(app):
    """Pages are not stored (`no-store`), and our scripts put nothing by."""
    scripts = list(Path(app.static_folder).glob("js/**/*.js"))
    assert scripts
    for script in scripts:
        assert not re.search(r"localStorage|sessionStorage|indexedDB|caches\.", script.read_text())


def test_help_explains_every_code_that_a_problem_names(client):
    page = client.get("/help").text
    assert error_codes().keys() >= {"slot_taken", "stale_version", "quota_exhausted", "off_grid"}
    for code in error_codes():
        assert f'id="error-{code}"' in page


def test_a_body_that_is_too_large_is_heard_out_and_refused(client):
    answer = client.post("/api/v1/tokens", data=b"a" * 3_000_000, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_health_tells_programs_how_it_is(client):
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200


def test_measurements_are_not_public(client):
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert answer.status_code == 404
    passed_on = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert passed_on.status_code == 404
    assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "believed"), [("0", "127.0.0.1"), ("1", "198.51.100.7"), ("2", "203.0.113.9")]
)
def test_as_many_proxies_are_believed_as_there_are(environ, proxies, believed):
    """Whoever writes the header themselves is not: each proxy adds the address that it saw."""
    app = create_app(Settings.from_environment(environ | {"INSTRUMENT_SHARE_PROXIES": proxies}))
    app.add_url_rule("/whence", view_func=lambda: str(request.remote_addr))
    answer = app.test_client().get(
        "/whence", headers={"X-Forwarded-For": "192.0.2.1, 203.0.113.9, 198.51.100.7"}
    )
    assert answer.text == believed


def test_proxies_are_a_number(environ):
    with pytest.raises(SettingsError, match="PROXIES"):
        Settings.from_environment(environ | {"INSTRUMENT_SHARE_PROXIES": "caddy"})


def test_the_api_is_described_and_shown_from_this_site(client):
    description = client.get("/api/v1/openapi.json").json
    assert description["openapi"].startswith("3.1")
    assert "/api/v1/bookings/{reference}/actions/approve" in description["paths"]
    page = client.get("/api/docs").text
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


@pytest.mark.parametrize(
    ("form_page", "address"),
    [
        ("http://localhost/bookings/B-NONE?week=2026-03-02&lang=en", "/bookings/B-NONE?week=2026-03-02&amp;lang=ar"),
        ("https://elsewhere.example/bookings", "/?lang=ar"),
        (None, "/?lang=ar"),
    ],
)  # fmt: skip
def test_what_only_takes_forms_is_read_in_another_language_on_the_forms_page(
    client, session, form_page, address
):
    sign_in(client, make_person())
    headers = {"Referer": form_page} if form_page else {}
    page = client.post("/bookings/B-NONE/messages", headers=headers).text
    assert f'href="{address}"' in page
