"""The catalogue's pages, as people see them."""

from __future__ import annotations

import re

import pytest
import time_machine

from instrument_share.access import hearers as access
from instrument_share.catalogue import free_time, panels
from instrument_share.catalogue.queries import instrument_with_classes
from tests.support.marks import one_engine

from ..support.builders import AT, make_institution, make_instrument, make_person, make_technique

pytestmark = [one_engine, pytest.mark.usefixtures("only_access_has_a_panel")]


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_front_page_begins_with_the_search(client, tem) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert answer.text.index('type="search"') < answer.text.index("Electron microscope")
    assert "1 instrument" in text_of(answer)


def test_content_is_told_in_the_readers_language(client, sign_in, tem) -> None:
    sign_in(make_person(make_institution()))
    for lang, name in tem.names.items():
        for path in ("/", "/instruments/tem", "/facilities/centre"):
            answer = client.get(path, query_string={"lang": lang})
            assert name in answer.text
            assert f'<html lang="{lang}"' in answer.text


def test_filters_are_chosen_and_taken_away(client, tem) -> None:
    make_instrument(slug="vessel", names={"en": "Research vessel"}, modes=["data"])
    page = client.get("/?mode=remote&mode=on_site&q=microscope")
    assert "Electron microscope" in page.text
    removing = re.findall(r'href="(/\?[^"]*)"', page.text)
    assert "/?mode=on_site&amp;q=microscope" in removing
    assert "/?q=microscope" in removing
    assert "Research vessel" not in client.get("/?mode=remote").text


def test_nothing_found_says_what_to_do(client, tem) -> None:
    page = text_of(client.get("/?q=zzqqxx"))
    assert "No instrument fits" in page
    assert "See all instruments" in page


def test_days_are_asked_in_the_readers_zone(client, tem, monkeypatch) -> None:
    asked = []

    def among(_candidates, wish):
        asked.append((wish.window.start.isoformat(), wish.window.end.isoformat(), wish.minutes))
        return [tem.id]

    def first_free(ids, wish):
        return dict.fromkeys(ids, wish.window.start)

    monkeypatch.setattr(free_time._among, "ask", among)
    monkeypatch.setattr(free_time._first, "ask", first_free)
    client.set_cookie("zone", "Asia/Almaty")
    page = client.get("/?free_from=2026-04-01&free_until=2026-04-02&free_minutes=240&q=")
    assert asked == [("2026-03-31T19:00:00+00:00", "2026-04-02T19:00:00+00:00", 240)]
    assert "First free" in page.text
    assert "03:00" in text_of(page) or "3:00" in text_of(page)  # Shanghai's clock
    assert "/instruments/tem/book?start=2026-03-31T19:00:00Z&amp;minutes=240" in page.text
    client.get("/?free_from=2026-04-01")
    assert asked[-1][:2] == ("2026-03-31T19:00:00+00:00", "2026-04-07T19:00:00+00:00")
    morning = (
        "free_from=2026-04-01&free_from_time=09:00&free_until=2026-04-01&free_until_time=12:00"
    )
    page = client.get(f"/?{morning}&free_minutes=0&mode=on_site")
    assert asked[-1] == ("2026-04-01T04:00:00+00:00", "2026-04-01T07:00:00+00:00", 180)
    assert "Almaty (\u2066UTC+5\u2069)" in page.text


def test_the_time_chosen_is_kept_on_the_way_to_the_next_page(client, session) -> None:
    for n in range(21):
        make_instrument(slug=f"i-{n:02}")
    query = "free_from=2026-04-01&free_from_time=09:00&free_until=2026-04-01&free_until_time=12:00"
    with time_machine.travel(AT, tick=False):
        page = client.get(f"/?{query}&free_minutes=0")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', page.text)
    for part in ("free_from_time=09:00", "free_until_time=12:00", "free_minutes=0", "page=2"):
        assert part in following.replace("%3A", ":")
    assert page.text.count("/book?start=") == 20


def test_what_is_not_understood_is_told_and_the_rest_searched(client, tem) -> None:
    backwards = "free_from=2026-04-02&free_until=2026-04-01"
    at_noon = "free_from=2026-04-02&free_from_time=noon"
    for query in ("page=0", "mode=teleport", "free_from=tomorrow", backwards, at_noon):
        page = client.get(f"/?{query}&q=microscope")
        assert page.status_code == 200
        assert "There is a problem" in page.text
        assert 'value="microscope"' in page.text
        assert "Electron microscope" in page.text


def test_pages_of_hits_are_linked(client, session) -> None:
    for n in range(21):
        make_instrument(slug=f"i-{n:02}")
    first, second = client.get("/?mode=on_site"), client.get("/?mode=on_site&page=2")
    assert "/?mode=on_site&amp;page=2" in first.text
    assert "/?mode=on_site&amp;page=1" in second.text
    assert first.text.count('class="card"') == 20
    assert second.text.count('class="card"') == 1


def test_an_instrument_tells_what_it_is_and_what_is_still_needed(client, sign_in, tem) -> None:
    sign_in(make_person(make_institution(), verification="unverified"))
    page = client.get("/instruments/tem")
    assert 'href="/instruments/tem/book"' in page.text
    for words in ("JEOL", "Line one", "Line &lt;two&gt;", "Thin and dry", "Microscopy"):
        assert words in page.text
    assert "vouch for you" in page.text
    assert "Manage this instrument" not in page.text


def test_a_retired_instrument_cannot_be_asked_for(client, sign_in, session) -> None:
    sign_in(make_person(make_institution()))
    make_instrument(slug="old", status="retired")
    page = client.get("/instruments/old")
    assert "/instruments/old/book" not in page.text
    assert "cannot be asked for" in page.text


def test_panels_of_higher_floors_are_shown_in_their_place(client, sign_in, tem) -> None:
    sign_in(make_person(make_institution()))
    shown = {"eligibility": access.eligibility_of(None, tem, None, at=None)}  # type: ignore[arg-type]
    template = "access/panels/eligibility.html"
    panels.register("none", lambda *_: None, template=template, place=5)
    panels.register("twice", lambda *_: shown, template=template, place=20)
    assert client.get("/instruments/tem").text.count("what you still need") == 2


def test_a_facility_lists_its_instruments(client, tem) -> None:
    page = client.get("/facilities/centre")
    assert page.status_code == 200
    assert "/instruments/tem" in page.text
    assert client.get("/facilities/nowhere").status_code == 404


def test_pages_ask_few_queries(client, sign_in, tem, count_queries) -> None:
    sign_in(make_person(make_institution()))
    for n in range(25):
        make_instrument(slug=f"i-{n:02}", techniques=[make_technique(f"t-{n}")])
    for path, most in (
        ("/", 10),
        ("/?q=microscope", 10),
        ("/instruments/tem", 10),
        ("/facilities/centre", 8),
    ):
        with count_queries() as queries:
            assert client.get(path).status_code == 200
        assert queries.count <= most, queries


def test_a_page_lists_every_class_of_an_instrument_once_and_in_order(client, session):
    names = {"xrd": "Diffraction", "afm": "Force microscopy", "tem": "Microscopy"}
    techniques = [make_technique(code, en=f"{name}, “{code}”") for code, name in names.items()]
    make_instrument(slug="many", techniques=techniques, modes=["remote", "data", "on_site"])
    make_instrument(slug="none", techniques=[], fields=[], modes=[])
    described = instrument_with_classes("many")
    assert [each["en"] for each in described.techniques] == [
        "Force microscopy, “afm”", "Microscopy, “tem”", "Diffraction, “xrd”",
    ]  # fmt: skip
    assert list(described.modes) == ["data", "on_site", "remote"]
    page = client.get("/instruments/many").text
    assert "Force microscopy, “afm”, Microscopy, “tem”, and Diffraction, “xrd”" in page
    none = instrument_with_classes("none")
    assert (list(none.techniques), list(none.fields), list(none.modes)) == ([], [], [])
