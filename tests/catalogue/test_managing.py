"""The catalogue's management, as managers see it."""

from __future__ import annotations

import re

import pytest

from instrument_share.catalogue.models import OpeningException
from instrument_share.catalogue.territories import (
    territory_choices,
    territory_named,
    territory_shown,
)
from instrument_share.foundation.reader import writing_for
from tests.support.marks import one_engine

from ..support.builders import make_institution, make_instrument, make_person, together

pytestmark = [one_engine, pytest.mark.usefixtures("only_access_has_a_panel")]


def version_of(client, slug="tem") -> str:
    page = client.get(f"/manage/instruments/{slug}").text
    return re.search(r'name="version" value="(\d+)"', page)[1]


def test_a_manager_sees_what_they_manage(client, manager) -> None:
    assert "/manage/instruments/tem" in client.get("/manage/instruments").text
    assert client.get("/manage/instruments/tem").status_code == 200
    assert "Manage this instrument" in client.get("/instruments/tem").text


def test_who_manages_many_searches_them(client, session, manager, tem) -> None:
    assert "Search your instruments" not in client.get("/manage/instruments").text
    with together():
        for number in range(10):
            make_instrument(
                tem.facility, slug=f"other-{number}", names={"en": f"Furnace {number}", "zh-Hans": f"炉子{number}"},
                status="retired" if number == 7 else "in_service",
            )  # fmt: skip
    session.commit()
    found = {
        asked: re.findall(r"/manage/instruments/([\w-]+)", client.get(f"/manage/instruments?{asked}").text)
        for asked in ("", "q=炉子3", "q=furnace+5", "status=retired", "q=nothing", "facility=elsewhere")
    }  # fmt: skip
    assert len(found.pop("")) == 11
    assert list(found.values()) == [["other-3"], ["other-5"], ["other-7"], [], []]
    assert "Nothing found" in client.get("/manage/instruments?q=nothing").text
    assert client.get("/manage/instruments?status=lost").status_code == 422


def test_nobody_else_manages(client, sign_in, tem) -> None:
    sign_in(make_person(make_institution()))
    assert "You manage no instrument" in client.get("/manage/instruments").text
    assert client.get("/manage/instruments/tem").status_code == 403
    for part in ("texts", "slot-rules", "opening", "status", "closures", "closures/1/lift"):
        answer = client.post(f"/manage/instruments/tem/{part}", data={"version": "1"})
        assert answer.status_code in (403, 422), part
    assert tem.status == "in_service"
    assert tem.version == 1


def test_texts_are_saved_and_found(client, manager) -> None:
    data = {"version": version_of(client), "name-en": "Diffractometer", "name-ar": "مقياس الحيود"}
    answer = client.post("/manage/instruments/tem/texts", data=data, follow_redirects=True)
    assert "The texts are saved." in answer.text
    assert "Diffractometer" in client.get("/?q=حيود").text


def test_a_form_comes_back_with_what_was_typed(client, manager) -> None:
    data = {"version": version_of(client), "mon": "8-12", "tue": "08:00-12:00"}
    answer = client.post("/manage/instruments/tem/opening", data=data)
    assert answer.status_code == 422
    assert 'href="#field-mon"' in answer.text
    assert 'value="8-12"' in answer.text
    assert 'value="08:00-12:00"' in answer.text


def test_public_holidays_are_set_with_the_opening_hours(client, manager) -> None:
    data = {"version": version_of(client), "mon": "08:00-12:00", "holiday_opening": "9:00-11:00"}
    address = "/manage/instruments/tem/opening"
    refused = client.post(address, data=data | {"holiday_territory": "Utopia"})
    assert refused.status_code == 422
    assert 'href="#field-holiday_territory"' in refused.text
    client.post(address, data=data | {"holiday_territory": "china"})
    shown = client.get("/api/v1/instruments/tem").json
    assert (shown["holiday_territory"], shown["holiday_opening"]) == ("CN", ["09:00-11:00"])


@pytest.mark.parametrize(
    ("language", "china"), [("en", "China"), ("zh-Hans", "中国"), ("ar", "الصين")]
)
def test_a_country_is_chosen_by_its_name(app, language, china) -> None:
    with app.app_context(), writing_for(language, "UTC"):
        assert f"{china} (CN)" in territory_choices()
        for shown in territory_choices():
            assert territory_named(shown) == shown[-3:-1]
        for typed in (china, china.upper(), "cn", " CN ", f"{china} (CN)"):
            assert territory_named(typed) == "CN"
        assert territory_named(territory_shown("DE-BY")) == territory_named("de-by") == "DE-BY"
        assert territory_named("") == ""


def test_a_stale_form_is_refused_and_kept(client, manager) -> None:
    data = {"version": "99", "status": "retired"}
    answer = client.post("/manage/instruments/tem/status", data=data)
    assert answer.status_code == 409
    assert "Somebody changed this" in answer.text


def test_hours_rules_and_status_are_saved(client, manager, tem) -> None:
    for part, data in {
        "opening": {"mon": "8:00–12:00"},
        "status": {"status": "restricted"},
        "slot-rules": {
            "granularity_minutes": "60",
            "shortest_minutes": "60",
            "longest_minutes": "240",
            "setup_minutes": "15",
            "teardown_minutes": "0",
            "lead_minutes": "0",
            "horizon_days": "30",
            "cancellation_minutes": "0",
            "positions": "2",
        },
    }.items():
        sent = data | {"version": version_of(client)}
        answer = client.post(f"/manage/instruments/tem/{part}", data=sent)
        assert answer.status_code == 302, answer.text
    assert tem.opening == {"mon": ["08:00-12:00"]}
    assert (tem.status, tem.longest_minutes, tem.positions) == ("restricted", 240, 2)


def test_a_closure_is_typed_in_the_instruments_time_and_lifted(client, session, manager) -> None:
    data = {
        "starts_on": "2030-01-01",
        "starts_time": "08:00",
        "ends_on": "2030-01-02",
        "ends_time": "08:00",
        "reason": "New detector",
        "reason_language": "en",
    }
    assert client.post("/manage/instruments/tem/closures", data=data).status_code == 302
    (row,) = session.query(OpeningException).all()
    assert row.starts_at.isoformat() == "2030-01-01T00:00:00+00:00"
    client.post(f"/manage/instruments/tem/closures/{row.id}/lift")
    assert session.query(OpeningException).count() == 0


def test_a_time_that_does_not_exist_is_told(client, session, manager, tem) -> None:
    for zone, day, field in (
        ("Europe/Berlin", "2030-03-31", "starts_time"),
        ("Europe/Berlin", "2030-10-27", "starts_time"),
        ("Asia/Shanghai", "", "starts_on"),
        ("Asia/Shanghai", "2040-01-01", "ends_on"),
    ):
        tem.facility.time_zone = zone
        data = {
            "starts_on": day,
            "starts_time": "02:30",
            "ends_on": "2031-01-01",
            "ends_time": "08:00",
        }
        answer = client.post("/manage/instruments/tem/closures", data=data)
        assert answer.status_code == 422
        assert f'href="#field-{field}"' in answer.text
        assert session.query(OpeningException).count() == 0
