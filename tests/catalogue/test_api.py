"""The catalogue's JSON calls, as programs see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from instrument_share.catalogue import free_time
from instrument_share.catalogue.search_index import index_instruments

from ..support.builders import make_facility, make_host, make_instrument, make_technique


@pytest.fixture
def tem(session):
    host = make_host(slug="thu", names={"en": "Tsinghua", "zh-Hans": "清华大学"})
    instrument = make_instrument(
        make_facility(host, slug="centre", names={"en": "Centre", "zh-Hans": "中心"}),
        slug="tem",
        names={"en": "Electron microscope", "zh-Hans": "电子显微镜", "ar": "مجهر إلكتروني"},
        techniques=[make_technique("tem", en="Microscopy", ar="المجهرية")],
        fields=["new_materials", "energy"],
        modes=["on_site", "remote"],
        shortest_minutes=60,
    )
    for n in range(3):
        make_instrument(slug=f"other-{n}")
    index_instruments()
    return instrument


def test_the_search_lists_pages_and_facets(client, tem) -> None:
    listing = client.get("/api/v1/instruments?page_size=2").json
    assert (listing["total"], listing["page"], listing["page_size"]) == (4, 1, 2)
    assert len(listing["items"]) == 2
    assert {"field", "technique", "mode", "country", "host"} <= set(listing["facets"])
    assert {"value": "tem", "label": "Microscopy", "count": 1} in listing["facets"]["technique"]
    assert {"value": "CN", "label": "China", "count": 4} in listing["facets"]["country"]


def test_the_search_finds_in_every_language(client, tem) -> None:
    for query in ("显微镜", "显微", "microscope", "مجهر", "清华"):
        hits = client.get("/api/v1/instruments", query_string={"q": query}).json
        assert [hit["slug"] for hit in hits["items"]] == ["tem"], query


def test_a_hit_is_told_in_the_callers_language(client, tem) -> None:
    asked = {"q": "microscope"}
    (hit,) = client.get(
        "/api/v1/instruments", query_string=asked, headers={"Accept-Language": "zh-CN,en;q=0.5"}
    ).json["items"]
    assert hit["name"] == "电子显微镜"
    assert hit["names"]["ar"] == "مجهر إلكتروني"
    assert hit["facility"]["name"] == "中心"
    assert hit["facility"]["host"] == {"slug": "thu", "name": "清华大学", "country": "CN"}
    assert hit["fields"] == ["energy", "new_materials"]
    assert hit["techniques"] == ["tem"]
    assert hit["access_modes"] == ["on_site", "remote"]
    assert "first_free" not in hit


def test_facets_are_repeated_to_widen(client, tem) -> None:
    query = "/api/v1/instruments?field=energy&field=ocean&mode=remote&country=cn&host=thu"
    assert [hit["slug"] for hit in client.get(query).json["items"]] == ["tem"]


def test_a_window_tells_when_each_hit_is_first_free(client, tem, monkeypatch) -> None:
    start = datetime(2026, 4, 1, tzinfo=UTC)
    monkeypatch.setattr(free_time._among, "ask", lambda _candidates, wish: [tem.id])
    monkeypatch.setattr(
        free_time._first,
        "ask",
        lambda ids, wish: {tem.id: wish.window.start + timedelta(minutes=wish.minutes)},
    )
    window = {
        "free_from": start.isoformat(),
        "free_until": "2026-04-03T00:00:00+08:00",
        "free_minutes": 120,
    }
    (hit,) = client.get("/api/v1/instruments", query_string=window).json["items"]
    assert (hit["slug"], hit["first_free"]) == ("tem", "2026-04-01T02:00:00Z")


_WRONG = [
    ("page=0", "page"),
    ("page=-1", "page"),
    ("page_size=many", "page_size"),
    ("page_size=201", "page_size"),
    ("field=astrology", "field.0"),
    ("mode=teleport", "mode.0"),
    ("country=China", "country.0"),
    ("open_to_me=maybe", "open_to_me"),
    ("free_from=2026-04-01T00:00:00Z", "free_until"),
    ("free_until=2026-04-01T00:00:00Z", "free_from"),
    ("free_from=2026-04-01T00:00:00&free_until=2026-04-02T00:00:00Z", "free_from"),
    ("free_from=2026-04-02T00:00:00Z&free_until=2026-04-01T00:00:00Z", "free_until"),
    ("free_from=2026-04-01T00:00:00Z&free_until=2028-04-01T00:00:00Z", "free_until"),
    ("free_minutes=0", "free_minutes"),
    ("q=" + "x" * 201, "q"),
    ("q=a%00b", "q"),
]


def test_wrong_values_are_named(client) -> None:
    for query, field in _WRONG:
        answer = client.get(f"/api/v1/instruments?{query}")
        assert answer.status_code == 422, query
        assert answer.mimetype == "application/problem+json"
        assert list(answer.json["errors"]) == [field]


def test_what_nobody_knows_is_ignored(client, session) -> None:
    assert client.get("/api/v1/instruments?utm_source=mail").status_code == 200


def test_an_instrument_tells_everything(client, tem) -> None:
    told = client.get("/api/v1/instruments/tem", headers={"Accept-Language": "ar"}).json
    assert told["name"] == "مجهر إلكتروني"
    assert told["time_zone"] == "Asia/Shanghai"
    assert (told["status"], told["positions"]) == ("in_service", 1)
    assert told["slot_rules"] == {
        "granularity_minutes": 30,
        "shortest_minutes": 60,
        "longest_minutes": 480,
        "setup_minutes": 0,
        "teardown_minutes": 0,
        "lead_minutes": 0,
        "horizon_days": 90,
        "cancellation_minutes": 1440,
    }


def test_a_retired_instrument_is_told_but_not_listed(client, session) -> None:
    make_instrument(slug="old", status="retired")
    assert client.get("/api/v1/instruments/old").json["status"] == "retired"
    assert client.get("/api/v1/instruments").json["total"] == 0


def test_an_unknown_instrument_is_a_problem(client) -> None:
    answer = client.get("/api/v1/instruments/nothing")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_the_calls_ask_few_queries(client, tem, count_queries) -> None:
    for path, most in (("/api/v1/instruments?q=microscope", 7), ("/api/v1/instruments/tem", 4)):
        with count_queries() as queries:
            assert client.get(path).status_code == 200
        assert queries.count <= most, queries


def test_the_description_names_parameters_and_answers(client) -> None:
    call = client.get("/api/v1/openapi.json").json["paths"]["/api/v1/instruments"]["get"]
    assert {"q", "field", "free_from", "page"} <= {it["name"] for it in call["parameters"]}
    assert "application/json" in call["responses"]["200"]["content"]
