"""The contribution report: its figures, who sees which, and that each equals the rows behind it."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import openpyxl
import pytest

from instrument_share.accounting.queries import UsageFilter, usage_of
from instrument_share.foundation.errors import Forbidden, InvalidInput
from instrument_share.identity.rules import Role, Scope
from instrument_share.reporting.queries import contribution_for, whole_contribution
from instrument_share.reporting.rules import Fees, Grouping, Reach, Requests, Sums

from ..accounting.story import begin
from ..support.builders import (
    grant,
    make_facility,
    make_host,
    make_instrument,
    make_person,
    make_qualification,
)
from ..support.signing import sign_in

MARCH = datetime(2026, 3, 10, 1, tzinfo=UTC)


@pytest.fixture
def story(remembered):
    return remembered(_a_month)


def _a_month():
    """4 h and 1.5 h by Almaty on site, 2 h remote by a colleague, 3 h by the host itself, all in 2026."""
    story = begin(discounts={"on_site": 50})
    story.used(MARCH)
    story.used(MARCH + timedelta(days=1), minutes=90, samples=3, operator_minutes=30)
    guest, story.researcher = story.researcher, make_person(story.partner)
    story.used(MARCH + timedelta(days=2), hours=2, access_mode="remote")
    story.researcher = make_person(story.host)
    story.office = story.manager  # no second approval within a country
    booking = _used_by_the_host(story, MARCH + timedelta(days=3))
    assert booking.state == "completed"
    story.researcher = guest
    return story


def _used_by_the_host(story, start):
    from instrument_share.booking import services as bookings
    from instrument_share.booking.values import FinishedUse

    booking = story.asked(start, hours=3, agreement=None)
    bookings.approve(booking.reference, by=story.manager, at=MARCH, version=None)
    bookings.start(booking.reference, by=story.manager, at=start, version=None)
    end = start + timedelta(hours=3)
    return bookings.finish(
        booking.reference, by=story.manager, at=end, version=None, use=FinishedUse(start, end)
    )


def test_totals(story):
    report = contribution_for(story.programme, 2026)
    assert report.sums == Sums(used_minutes=630, uses=4, people=3, operator_minutes=30, samples=3)
    assert report.reach == Reach(partner_minutes=450, institutions=2, countries=2, instruments=1)
    assert report.requests == Requests(asked=4, approved=4)
    assert list(report.fees) == [
        Fees("CNY", 240_000 // 2 + (90_000 + 6_000 + 15_000) // 2 + 120_000, 175_500)
    ]


def test_tables_sum_up_to_the_totals(story):
    report = contribution_for(story.programme, 2026)
    minutes = {
        grouping: [(row.key, row.sums.used_minutes, row.sums.uses) for row in rows]
        for grouping, rows in report.tables.items()
    }
    assert minutes == {
        Grouping.COUNTRY: [("KZ", 450, 3), ("CN", 180, 1)],
        Grouping.INSTITUTION: [("almaty", 450, 3), ("east", 180, 1)],
        Grouping.FIELD: [("new_materials", 630, 4)],
        Grouping.MODE: [("on_site", 510, 3), ("remote", 120, 1)],
        Grouping.INSTRUMENT: [(story.instrument.slug, 630, 4)],
    }


@pytest.mark.parametrize("grouping", list(Grouping))
def test_each_figure_is_the_sum_of_the_rows_behind_it(story, grouping):
    report = contribution_for(story.programme, 2026)
    for row in report.tables[grouping]:
        which = UsageFilter(
            report.window.start, report.window.end, served=True, **{grouping: row.key}
        )
        page, minutes = usage_of(story.programme, which)
        assert (minutes, page.total) == (row.sums.used_minutes, row.sums.uses)


def test_use_counts_in_the_year_in_which_it_began_in_utc(session):
    story = begin()
    story.instrument.horizon_days = 400
    story.agreement.valid_until = datetime(2028, 1, 1).date()
    story.used(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), hours=1)
    assert contribution_for(story.programme, 2026).sums.used_minutes == 60
    assert contribution_for(story.programme, 2027).sums.used_minutes == 0


def test_an_empty_year_has_figures_of_zero(story):
    report = contribution_for(story.programme, 2020)
    assert report.sums == Sums()
    assert not any(report.tables.values())


def test_the_report_of_one_host_or_one_partner(story):
    other = make_host(slug="west")
    assert contribution_for(story.programme, 2026, "east").sums.used_minutes == 630
    assert contribution_for(story.programme, 2026, "west").sums.used_minutes == 0
    assert contribution_for(story.programme, 2026, "almaty").sums.used_minutes == 450
    assert other.is_host
    with pytest.raises(InvalidInput):
        contribution_for(story.programme, 2026, "nowhere")


def test_everybody_reports_on_what_they_answer_for(story, session):
    manager_elsewhere = make_person(story.host)
    grant(manager_elsewhere, Role.FACILITY_MANAGER, Scope("facility", make_facility(story.host).id))
    assert contribution_for(story.manager, 2026).sums.used_minutes == 630
    assert contribution_for(manager_elsewhere, 2026).sums.used_minutes == 0
    for person in (story.researcher, story.liaison):
        with pytest.raises(Forbidden):
            contribution_for(person, 2026)


def test_an_instrument_of_two_fields_counts_in_each(session):
    story = begin()
    story.instrument = make_instrument(story.facility, fields=["energy", "ocean"])
    story.used(MARCH)
    report = contribution_for(story.programme, 2026)
    assert [(row.key, row.sums.used_minutes) for row in report.tables[Grouping.FIELD]] == [
        ("energy", 240), ("ocean", 240),
    ]  # fmt: skip
    assert report.sums.used_minutes == 240


def test_people_trained_are_counted_once(story):
    for level in ("supervised", "independent"):
        make_qualification(story.researcher, story.instrument, level)
    assert contribution_for(story.programme, 2026).trained == 1


def test_the_report_is_a_fixed_number_of_queries(story, count_queries):
    with count_queries() as queries:
        whole_contribution(2026)
    assert queries.count <= 9, queries


def test_the_page_leads_from_each_figure_to_its_rows(story, client, count_queries):
    sign_in(client, story.programme)
    with count_queries() as queries:
        page = client.get("/reports?year=2026")
    assert page.status_code == 200
    assert queries.count <= 16, queries
    text = unescape(page.text)
    assert "10 h 30 min" in text
    link = re.search(r'href="(/usage\?[^"]*country=KZ)"', text)[1]
    rows = client.get(link)
    assert rows.status_code == 200
    assert "7 h 30 min in all" in rows.text


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_the_page_stands_in_every_language_and_without_any_use(story, client, language):
    sign_in(client, story.programme)
    for year in (2026, 2020):
        assert client.get(f"/reports?year={year}&lang={language}").status_code == 200


def test_a_wrong_year_or_institution_is_told_on_the_page(story, client):
    sign_in(client, story.programme)
    for asked in ("year=soon", "institution=nowhere"):
        answer = client.get(f"/reports?{asked}")
        assert answer.status_code == 422
        assert "error-summary" in answer.text


def test_a_researcher_has_no_reports(story, client):
    sign_in(client, story.researcher)
    assert client.get("/reports").status_code == 403
    assert client.get("/api/v1/reports/contribution").status_code == 403


def test_the_api_gives_json_text_or_a_workbook(story, client):
    sign_in(client, story.programme)
    path = "/api/v1/reports/contribution?year=2026&institution=east"
    found = client.get(path).get_json()
    assert found["totals"]["used_minutes"] == 630
    assert found["totals"]["partner_share"] == pytest.approx(450 / 630)
    assert found["by_country"][0] == {
        "key": "KZ", "name": "Kazakhstan", "used_minutes": 450, "uses": 3, "people": 2,
        "operator_minutes": 30, "samples": 3,
    }  # fmt: skip
    text = client.get(path, headers={"Accept": "text/csv"}).get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert (rows[0]["table"], rows[0]["used_minutes"]) == ("totals", "630")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = client.get(path, headers={"Accept": kind}).get_data()
    assert openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]["B2"].value == 630


def test_the_workbooks_tables_add_up(story, client):
    sign_in(client, story.programme)
    data = client.get("/reports/contribution.xlsx?year=2026").get_data()
    totals, *tables = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    assert totals["B2"].value == 630
    for table in tables:
        rows = list(table.iter_rows(min_row=2, values_only=True))
        assert sum(row[2] for row in rows) == 630


def test_the_command_writes_the_same_report(story, app, tmp_path):
    from instrument_share.cli.reports import report

    runner, out = app.test_cli_runner(), tmp_path / "report.xlsx"
    told = runner.invoke(report, ["contribution", "--year", "2026", "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert "630 minutes" in told.output
    assert openpyxl.load_workbook(out).worksheets[0]["B2"].value == 630
    wrong = ["contribution", "--year", "2026", "--out", str(tmp_path / "report.doc")]
    assert runner.invoke(report, wrong).exit_code == 2
