"""A statement as PDF, workbook and comma-separated text."""

from __future__ import annotations

import csv
import io
import re
import zlib
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from flask_babel import force_locale

from instrument_share.accounting import services
from instrument_share.accounting.documents import KINDS
from instrument_share.accounting.documents.as_pages import content_of
from instrument_share.foundation.documents import comma_separated, typeset, workbook
from instrument_share.foundation.documents.sheet import Sheet

from .story import begin

MARCH = datetime(2026, 3, 10, 1, tzinfo=UTC)


@pytest.fixture
def statement(remembered):
    return remembered(_a_statement)


def _a_statement():
    story = begin(discounts={"remote": 100})
    story.instrument.names = {
        "en": "=cmd|' /C calc'!A0",
        "zh-Hans": "透射电子显微镜",
        "ar": "مجهر إلكتروني",
    }
    story.used(MARCH, operator_minutes=30)
    story.used(MARCH + timedelta(days=1), access_mode="remote")
    (issued,) = services.issue_statements(
        "2026-03", by=story.programme, at=datetime(2026, 4, 2, tzinfo=UTC)
    )
    return issued


def made(app, statement, kind, language="en"):
    with app.test_request_context(), force_locale(language.replace("-", "_")):
        return KINDS[kind].make(statement)


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ar"])
def test_the_pdf_is_set_in_the_fonts_we_ship(app, statement, language):
    pdf = made(app, statement, "pdf", language)
    assert pdf.startswith(b"%PDF-")
    fonts = _fonts(pdf)
    wanted = {"en": "NotoSans", "zh-Hans": "NotoSansCJK", "ar": "NotoSansArabic"}[language]
    assert any(name.decode().startswith(wanted) for name in fonts), fonts


def _fonts(pdf: bytes) -> list[bytes]:
    """Names of the embedded fonts, in the open or inside compressed object streams."""
    found = re.findall(rb"/FontName\s*/\w+\+(\w+)", pdf)
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found += re.findall(rb"/FontName\s*/\w+\+(\w+)", zlib.decompress(stream))
        except zlib.error:
            continue
    return found


def test_the_pdf_holds_every_figure_and_says_how_it_comes_about(app, statement):
    with app.test_request_context("/?lang=en"):
        content = content_of(statement)
    assert ("Amount due", "CN¥2,460.00") in content["facts"]
    assert [line["amount"] for line in content["lines"]] == ["CN¥2,400.00", "CN¥60.00", "CN¥0.00"]
    assert "4 h at CN¥600.00 an hour = CN¥2,400.00" in content["lines"][0]["description"]
    assert "waived by the agreement" in content["lines"][2]["description"]
    assert content["total"] == ["Amount due", "CN¥2,460.00"]


def test_equal_statements_make_equal_pdfs(app, statement):
    assert made(app, statement, "pdf") == made(app, statement, "pdf")


def test_text_in_a_pdf_is_never_markup(tmp_path):
    from instrument_share.foundation.languages import DEFAULT

    template = tmp_path / "t.typ"
    template.write_text("#let it = json(bytes(sys.inputs.data))\n#it.text")
    assert typeset.written(template, {"text": '#panic("run") *b* $x$ \\ @ref'}, DEFAULT)


def test_the_workbook_reads_back_to_the_same_sums(app, statement):
    book = openpyxl.load_workbook(io.BytesIO(made(app, statement, "xlsx")))
    charges, about = book.worksheets
    rows = list(charges.iter_rows(values_only=True))
    assert [row[11] for row in rows[1:]] == [2400, 60, 0, 2460]
    assert [row[6] for row in rows[1:4]] == [240, 30, 240]
    assert rows[1][1] == "=cmd|' /C calc'!A0"
    assert charges["B2"].data_type == "s"  # text, not a formula
    assert {row[0]: row[1] for row in about.iter_rows(values_only=True)}[
        "Amount due"
    ] == "CN¥2,460.00"


def test_the_csv_is_data_that_no_spreadsheet_program_runs(app, statement):
    text = made(app, statement, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["unit"], row["minutes"], row["amount"]) for row in rows] == [
        ("instrument_hour", "240", "2400.00"), ("operator_hour", "30", "60.00"),
        ("instrument_hour", "240", "0.00"),
    ]  # fmt: skip
    assert rows[0]["started_at"] == "2026-03-10T01:00:00Z"
    assert rows[0]["instrument_name"] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_cells_that_look_like_formulas_are_neutralised(start):
    written = comma_separated.written(Sheet("s", ("a",), [(start,)])).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(written.split("\r\n", 1)[1], newline="")))[0] == f"'{start}"


def test_negative_numbers_stay_numbers():
    assert b"-5" in comma_separated.written(Sheet("s", ("a",), [(-5,)]))


def test_worksheet_names_are_what_excel_takes():
    book = workbook.written([Sheet("a/b[1]" * 9, ("x",), []), Sheet("a/b[1]" * 9, ("x",), [])])
    first, second = openpyxl.load_workbook(io.BytesIO(book)).sheetnames
    assert first != second
    assert max(map(len, (first, second))) <= 31
