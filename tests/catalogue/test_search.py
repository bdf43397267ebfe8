"""The search over rows, on both engines."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instrument_share.access import hearers
from instrument_share.catalogue import free_time
from instrument_share.catalogue.search import Found, SearchRequest, search
from instrument_share.catalogue.search_index import index_instruments
from instrument_share.foundation.interval import Interval

from ..support.builders import (
    AT,
    make_agreement,
    make_facility,
    make_host,
    make_institution,
    make_instrument,
    make_person,
    make_technique,
)


@pytest.fixture
def tem(session):
    technique = make_technique("tem", en="Electron microscopy", ar="المجهر الإلكتروني")
    facility = make_facility(make_host(slug="tsinghua", names={"en": "Tsinghua University"}))
    return make_instrument(
        facility,
        slug="tem-1",
        names={"en": "Transmission electron microscope", "zh-Hans": "透射电子显微镜"},
        summary={"en": "Thin films in atomic resolution"},
        techniques=[technique],
        fields=["new_materials", "energy"],
        modes=["on_site", "mail_in"],
    )


@pytest.fixture
def vessel(session):
    facility = make_facility(make_host(slug="ocean", country="NO", names={"en": "Ocean U"}))
    return make_instrument(
        facility,
        slug="vessel",
        names={"en": "Research vessel", "zh-Hans": "科考船"},
        summary={"en": "With a microscope on board"},
        fields=["ocean"],
        modes=["on_site"],
    )


def find(text: str = "", person=None, **more) -> Found:
    page = more.pop("page", 1)
    size = more.pop("page_size", 50)
    request = SearchRequest(text, **more)
    return search(request, person, at=AT, page=page, page_size=size)


def slugs(found: Found) -> list[str]:
    return [instrument.slug for instrument in found.page.items]


def counts(found: Found, name: str) -> dict[str, int]:
    return {row.value: row.count for row in found.facets[name]}


def test_words_of_names_techniques_and_hosts_find_it(tem) -> None:
    index_instruments()
    chinese, english = ("显微镜", "显微"), ("microscope", "Electron TEM", "films thin", "atomic")
    for text in (*chinese, *english, "مجهر", "tsinghua", "tem-1"):
        assert slugs(find(text)) == ["tem-1"], text


def test_what_is_nowhere_is_not_found(tem) -> None:
    index_instruments()
    for text in ("zzqqxx", "???", "microscope zzqqxx", '"', "name:tem", "显镜"):
        found = find(text)
        assert slugs(found) == [], text
        assert found.page.total == 0


def test_names_come_before_descriptions(tem, vessel) -> None:
    index_instruments()
    assert slugs(find("microscope")) == ["tem-1", "vessel"]


def test_an_index_row_is_replaced_and_goes_with_its_instrument(session, tem) -> None:
    index_instruments()
    tem.names = {"en": "Spectrometer"}
    tem.techniques = []
    index_instruments([tem.id])
    assert slugs(find("spectrometer")) == ["tem-1"]
    assert slugs(find("显微")) == []
    session.delete(tem)
    session.flush()
    assert slugs(find("spectrometer")) == []


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(name=st.text(min_size=1, max_size=30).filter(lambda text: any(map(str.isalnum, text))))
def test_an_instrument_is_found_by_its_own_name(session, name: str) -> None:
    name = name.replace("\x00", "").encode("utf8", "ignore").decode()
    if not any(map(str.isalnum, name)):
        return
    with session.begin_nested() as savepoint:
        instrument = make_instrument(names={"en": name})
        index_instruments([instrument.id])
        found = find(name)
        savepoint.rollback()
    assert [it.slug for it in found.page.items] == [instrument.slug]


def test_without_a_text_everything_but_the_retired_is_listed_in_pages(session) -> None:
    for n in range(5):
        make_instrument(slug=f"i-{n}")
    make_instrument(slug="a-out", status="out_of_service")
    make_instrument(slug="gone", status="retired")
    found = find(page_size=4)
    assert slugs(found) == ["i-0", "i-1", "i-2", "i-3"]
    assert (found.page.total, found.page.pages) == (6, 2)
    assert slugs(find(page=2, page_size=4)) == ["i-4", "a-out"]
    assert slugs(find(page=3, page_size=4)) == []


def test_facets_narrow_and_their_values_widen(tem, vessel) -> None:
    assert slugs(find(facets={"field": ("ocean",)})) == ["vessel"]
    assert slugs(find(facets={"field": ("ocean", "energy")})) == ["tem-1", "vessel"]
    assert slugs(find(facets={"field": ("ocean",), "mode": ("mail_in",)})) == []
    assert slugs(find(facets={"technique": ("tem",)})) == ["tem-1"]
    assert slugs(find(facets={"country": ("NO",)})) == ["vessel"]
    assert slugs(find(facets={"host": ("tsinghua", "ocean")})) == ["tem-1", "vessel"]


def test_a_facet_counts_what_another_choice_would_show(tem, vessel) -> None:
    found = find(facets={"field": ("ocean",)})
    assert counts(found, "field") == {"ocean": 1, "energy": 1, "new_materials": 1}
    assert counts(found, "country") == {"NO": 1}
    assert counts(found, "mode") == {"on_site": 1}


def test_facets_agree_with_the_rows(session) -> None:
    hosts = [make_facility(make_host(country=code)) for code in ("CN", "NO", "CN")]
    techniques = [make_technique(code) for code in ("sem", "xrd", "nmr")]
    for n in range(12):
        make_instrument(
            hosts[n % 3],
            techniques=techniques[: n % 4],
            fields=["energy", "ocean"][: 1 + n % 2],
            modes=["remote", "data", "on_site"][: 1 + n % 3],
        )
    found = find()
    rows = found.page.items
    assert found.page.total == len(rows) == 12
    assert counts(found, "country") == Counter(it.facility.host.country for it in rows)
    assert counts(found, "host") == Counter(it.facility.host.slug for it in rows)
    assert counts(found, "mode") == Counter(mode for it in rows for mode in it.access_modes)
    assert counts(found, "field") == Counter(row.field for it in rows for row in it.fields)
    assert counts(found, "technique") == Counter(t.code for it in rows for t in it.techniques)
    for name in ("country", "host", "mode", "field", "technique"):
        for row in found.facets[name]:
            assert find(facets={name: (row.value,)}).page.total == row.count


def test_open_to_me_follows_countries_institutions_and_agreements(session) -> None:
    hearers.connect()
    home, other = make_institution(country="KZ"), make_institution(country="EG")
    facility = make_facility()
    kinds = {
        "all": {"kind": "all"},
        "kz": {"kind": "countries", "countries": ["KZ", "UZ"]},
        "eg": {"kind": "countries", "countries": ["EG"]},
        "home": {"kind": "institutions", "institutions": [home.id]},
        "other": {"kind": "institutions", "institutions": [other.id]},
        "agreed": {"kind": "agreement"},
    }
    for slug, open_to in kinds.items():
        make_instrument(facility, slug=slug, open_to=open_to)
    make_instrument(make_facility(), slug="not-agreed", open_to={"kind": "agreement"})
    make_agreement(facility.host, home)
    mine = find(person=make_person(home), open_to_me=True)
    assert sorted(slugs(mine)) == ["agreed", "all", "home", "kz"]
    assert counts(mine, "open_to_me") == {"true": 4}
    assert slugs(find(person=make_person(), open_to_me=True)) == ["all"]
    assert slugs(find(open_to_me=True)) == []
    assert "open_to_me" not in find().facets


def test_a_window_leaves_what_is_free_and_says_from_when(tem, vessel, monkeypatch) -> None:
    asked = []

    def among(candidates, wish):
        asked.append((wish.window, wish.minutes))
        return [vessel.id]

    def first_free(ids, wish):
        return dict.fromkeys(ids, wish.window.start + timedelta(hours=1))

    monkeypatch.setattr(free_time._among, "ask", among)
    monkeypatch.setattr(free_time._first, "ask", first_free)
    window = Interval(AT, AT + timedelta(days=1))
    found = find(window=window, minutes=240, facets={"mode": ("on_site",)})
    assert asked == [(window, 240)]
    assert slugs(found) == ["vessel"]
    assert found.first_free == {vessel.id: AT + timedelta(hours=1)}
    assert counts(found, "country") == {"NO": 1}


def test_the_search_asks_few_queries(session, count_queries) -> None:
    for _ in range(30):
        make_instrument(techniques=[make_technique(f"t{_}")])
    index_instruments()
    session.commit()
    session.expunge_all()
    with count_queries() as queries:
        for instrument in find("instrument").page.items:
            assert instrument.facility.host.names
            assert instrument.access_modes
            assert instrument.techniques
            assert instrument.fields
    assert queries.count <= 5, queries
