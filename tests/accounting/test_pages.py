"""Pages of use and statements, and the prices on an instrument's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine

from instrument_share.accounting import services
from instrument_share.accounting.models import Statement
from tests.support.marks import one_engine

from ..support.builders import make_person
from ..support.signing import sign_in
from .story import begin

pytestmark = one_engine

MARCH = datetime(2026, 3, 10, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel(APRIL, tick=False):
        yield


@pytest.fixture
def story(remembered):
    return remembered(_two_uses)


def _two_uses():
    story = begin(discounts={"on_site": 50})
    story.first = story.used(MARCH, samples=2)
    story.second = story.used(MARCH + timedelta(days=25), minutes=90)  # in April
    return story


@pytest.fixture
def issued(story, session):
    (statement,) = services.issue_statements("2026-03", by=story.programme, at=APRIL)
    session.commit()
    return statement


def page_of(client, person, path, status=200):
    sign_in(client, person)
    answer = client.get(path)
    assert answer.status_code == status
    return " ".join(unescape(answer.text).split())


def test_use_is_shown_with_its_charge_and_the_quota_left(story, client):
    page = page_of(client, story.liaison, "/usage")
    assert "5 h 30 min used, 0 min reserved, 94 h 30 min left of 100 h" in page
    assert (
        "Instrument time: 4 h at CN¥600.00 an hour = CN¥2,400.00, less 50% by the agreement" in page
    )
    assert "Samples: 2 at CN¥50.00 each = CN¥100.00" in page
    assert "2 uses · 5 h 30 min in all" in page


def test_use_of_one_month(story, client):
    page = page_of(client, story.liaison, "/usage?month=2026-04")
    assert "1 use · 1 h 30 min in all" in page
    assert story.first.reference not in page


def test_a_wrong_month_is_told_and_everything_shown(story, client):
    page = page_of(client, story.liaison, "/usage?month=2026-13", status=422)
    assert "Write the month as year and month" in page
    assert "2 uses" in page


@pytest.mark.parametrize(
    ("who", "count"),
    [("researcher", 2), ("liaison", 2), ("manager", 2), ("programme", 2), ("stranger", 0)],
)
def test_everybody_sees_the_use_that_concerns_them(story, client, session, who, count):
    person = make_person() if who == "stranger" else getattr(story, who)
    session.commit()
    page = page_of(client, person, "/usage")
    assert (f"{count} uses" in page) == bool(count)
    assert ("No use to show" in page) != bool(count)


@pytest.mark.parametrize("path", ["/usage", "/statements"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_pages_stand_in_every_language(issued, story, client, path, language):
    page_of(client, story.liaison, f"{path}?lang={language}")
    page_of(client, story.liaison, f"/statements/{issued.number}?lang={language}")


def test_the_number_of_queries_does_not_grow_with_the_rows(story, client, session, count_queries):
    sign_in(client, story.liaison)
    client.get("/usage")
    with count_queries() as few:
        client.get("/usage")
    for day in range(2, 6):
        story.used(MARCH + timedelta(days=day), hours=1)
    session.commit()
    with count_queries() as many:
        client.get("/usage")
    assert many.count == few.count <= 13, many


def test_a_visitor_is_asked_to_sign_in(client):
    for path in ("/usage", "/statements", "/reports"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/sign-in" in answer.location


def test_statements_are_listed_and_each_has_a_page(issued, story, client, count_queries):
    page = page_of(client, story.liaison, "/statements")
    assert issued.number in page
    assert "CN¥1,250.00" in page
    sign_in(client, story.liaison)
    with count_queries() as queries:
        page = page_of(client, story.liaison, f"/statements/{issued.number}")
    assert queries.count <= 6, queries
    assert "less 50% by the agreement" in page
    assert issued.digest in page


@pytest.mark.parametrize(
    ("kind", "magic"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")]
)
def test_a_statement_is_saved_as_a_file(issued, story, client, kind, magic):
    sign_in(client, story.liaison)
    answer = client.get(f"/statements/{issued.number}.{kind}")
    assert answer.status_code == 200
    assert answer.get_data().startswith(magic)
    assert f"{issued.number}.{kind}" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_form_issues_a_month(story, client, session):
    page = page_of(client, story.programme, "/statements")
    assert 'value="2026-03"' in page
    answer = client.post("/statements", data={"period": "2026-03", "host": ""})
    assert answer.status_code == 302
    assert session.query(Statement).count() == 1
    assert "1 statement was issued" in page_of(client, story.programme, "/statements")


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ({"period": ""}, 422, "Fill this in"),
        ({"period": "March"}, 422, "Write the month"),
        ({"period": "2026-04"}, 409, "This month is not over yet"),
        ({"period": "2026-01"}, 409, "There is nothing to bill"),
        ({"period": "2026-03", "host": "nowhere"}, 422, "There is no institution"),
    ],
)
def test_a_refused_form_comes_back_with_what_was_typed(story, client, session, typed, status, told):
    sign_in(client, story.programme)
    answer = client.post("/statements", data=typed)
    assert answer.status_code == status
    assert told in unescape(answer.text)
    assert "error-summary" in answer.text
    if typed["period"]:
        assert f'value="{typed["period"]}"' in answer.text
    assert session.query(Statement).count() == 0


def test_only_who_may_issue_sees_the_form(story, client):
    for person in (story.liaison, story.manager, story.researcher):
        assert "Issue statements" not in page_of(client, person, "/statements")
        assert client.post("/statements", data={"period": "2026-03"}).status_code == 403


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (None, "For Partner institutions; sign in to see yours: Instrument time CN¥600.00 an hour"),
        ("researcher", "For your institution (Partner institutions):"),
        ("office", "No price is set: use is free of charge."),
    ],
)
def test_an_instrument_tells_its_prices(story, client, who, told):
    if who:
        sign_in(client, getattr(story, who))
    page = " ".join(_words(client.get(f"/instruments/{story.instrument.slug}").text))
    assert told in page
    assert ("On-site: 50% less by the agreement" in page) == (who == "researcher")


def _words(html: str) -> list[str]:
    import re

    return re.sub(r"<[^>]+>", " ", unescape(html)).split()
