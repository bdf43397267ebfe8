"""`instrument-share export`: use and bookings as files."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import openpyxl
import pytest

from instrument_share.cli.accounting import export

from .story import begin

MARCH = datetime(2026, 3, 10, 1, tzinfo=UTC)


@pytest.fixture
def story(session):
    story = begin(discounts={"on_site": 50})
    story.used(MARCH, samples=2)
    session.commit()
    return story


def rows_of(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    return [[str(cell) for cell in row] for row in openpyxl.load_workbook(path).active.values]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_use_line_by_line(story, app, tmp_path, kind):
    told = app.test_cli_runner().invoke(export, ["usage", str(tmp_path / f"usage.{kind}")])
    assert told.exit_code == 0, told.output
    header, *rows = rows_of(tmp_path / f"usage.{kind}")
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["unit"], row["quantity"], float(row["amount"])) for row in found] == [
        ("instrument_hour", "240", 1200), ("sample", "2", 50),
    ]  # fmt: skip
    assert {row["institution"] for row in found} == {"almaty"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_bookings_without_a_word_about_people(story, app, tmp_path, kind):
    told = app.test_cli_runner().invoke(export, ["bookings", str(tmp_path / f"all.{kind}")])
    assert told.exit_code == 0, told.output
    header, row = rows_of(tmp_path / f"all.{kind}")
    assert dict(zip(header, row, strict=True))["state"] == "completed"
    assert story.researcher.email not in " ".join(row)
    assert "thin films" not in " ".join(row)


def test_another_kind_of_file_is_a_usage_error(app, session, tmp_path):
    told = app.test_cli_runner().invoke(export, ["usage", str(tmp_path / "usage.doc")])
    assert told.exit_code == 2
