"""The contribution report as a workbook and as comma-separated text."""

from __future__ import annotations

from flask_babel import gettext, pgettext

from ..foundation.documents import comma_separated, workbook
from ..foundation.documents.sheet import Cell, Sheet
from ..foundation.http import show
from ..foundation.languages import language_of
from .contribution import Contribution
from .figures import named_figures
from .labels import HEADINGS, TITLES, name_of
from .rules import Grouping, Row

_COLUMNS = (
    "table", "key", "name", "used_minutes", "uses", "people", "operator_minutes", "samples",
)  # fmt: skip


def written_workbook(report: Contribution) -> bytes:
    """One worksheet of totals and one for each table, in the reader's language."""
    language = language_of(show.language_tag())
    sheets = [_totals(report), *(_table(report, grouping) for grouping in Grouping)]
    return workbook.written(
        sheets, right_to_left=language is not None and language.direction == "rtl"
    )


def written_text(report: Contribution) -> bytes:
    """One row for the total and one for each row of each table; column names are fixed."""
    total: tuple[Cell, ...] = ("totals", None, None, *_cells(Row(None, None, report.sums)))
    rows = [
        (str(grouping), row.key, name_of(grouping, row), *_cells(row))
        for grouping in Grouping
        for row in report.tables[grouping]
    ]
    return comma_separated.written(Sheet("contribution", _COLUMNS, [total, *rows]))


def file_name(report: Contribution, kind: str) -> str:
    place = f"-{report.institution.slug}" if report.institution else ""
    return f"contribution{place}-{report.year}.{kind}"


def _totals(report: Contribution) -> Sheet:
    about = (
        show.localized(report.institution.names)
        if report.institution
        else gettext("All institutions")
    )
    return Sheet(
        gettext("Totals"),
        (gettext("Contribution report %(year)s", year=report.year), about),
        named_figures(report),
    )


def _table(report: Contribution, grouping: Grouping) -> Sheet:
    header = (
        str(HEADINGS[grouping]), pgettext("of a country or field", "Code"), gettext("Minutes used"), gettext("Uses"),
        gettext("People"), gettext("Operator minutes"), gettext("Samples"),
    )  # fmt: skip
    rows = [(name_of(grouping, row), row.key, *_cells(row)) for row in report.tables[grouping]]
    return Sheet(str(TITLES[grouping]), header, rows)


def _cells(row: Row) -> tuple[Cell, ...]:
    it = row.sums
    return (it.used_minutes, it.uses, it.people, it.operator_minutes, it.samples)
