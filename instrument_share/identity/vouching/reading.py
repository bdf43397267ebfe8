"""A list of people from a spreadsheet program: comma, semicolon or tab between cells (RFC 4180), UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from flask_babel import lazy_gettext

from ...foundation.errors import InvalidInput, Text
from ...foundation.languages import LANGUAGES
from ..invitations.forms import guest_from
from .values import Fault, Line, Reading

COLUMNS = ("email", "name", "language")
#: A list that was downloaded here has one more, which says nothing new.
_LEFT_OUT = "standing"
MOST_ROWS = 300
MOST_BYTES = 100_000
_SEPARATORS = ",;\t"

#: A cell has no list to choose from.
_TOLD = {
    "language": lazy_gettext(
        "Write one of these, or nothing: %(tags)s.",
        tags=", ".join(language.tag for language in LANGUAGES),
    )
}

Row = tuple[int, list[str]]


def decoded(content: bytes) -> str:
    """The text of a file, with or without byte order mark. Raises InvalidInput."""
    if len(content) > MOST_BYTES:
        raise _refused(lazy_gettext("The list is too long. Send at most 300 people at a time."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise _refused(lazy_gettext("Save the list as CSV in UTF-8, and choose it again."))
    return text


def read_list(text: str) -> Reading:
    """The people of the list, or every cell of it that is wrong."""
    try:
        rows = _rows(text.lstrip("\ufeff"))
    except csv.Error:
        return _broken(0, "", lazy_gettext("A quotation mark is not closed. Save the list again."))
    if len(rows) < 2:
        told = lazy_gettext("There is nobody on the list. Its first row names the columns.")
        return _broken(0, "", told)
    (number, header), body = rows[0], rows[1:]
    columns = [cell.strip().casefold() for cell in header]
    faults = list(_faults_of_header(number, columns))
    if len(body) > MOST_ROWS:
        told = lazy_gettext("The list is too long. Send at most 300 people at a time.")
        faults.append(Fault(body[MOST_ROWS][0], "", told))
    return Reading(faults=faults) if faults else _read_body(columns, body)


def _rows(text: str) -> list[Row]:
    """Rows with anything in them, numbered as a spreadsheet program does."""
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    numbered = enumerate(reader, 1)
    return [(number, cells) for number, cells in numbered if any(map(str.strip, cells))]


def _faults_of_header(number: int, columns: list[str]) -> Iterator[Fault]:
    if "email" not in columns:
        yield Fault(number, "email", lazy_gettext("The column email is missing."))
    for place, column in enumerate(columns):
        if column and column not in (*COLUMNS, _LEFT_OUT):
            told = lazy_gettext("There is no such column. Use email, name and language.")
            yield Fault(number, column, told)
        elif column and column in columns[:place]:
            yield Fault(number, column, lazy_gettext("This column is there twice."))


def _read_body(columns: list[str], body: list[Row]) -> Reading:
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, cells in body:
        found = _read_row(columns, number, cells)
        if isinstance(found, list):
            faults += found
        elif found.guest.email in seen:
            before = seen[found.guest.email]
            told = lazy_gettext("This address stands in row %(row)s, too.", row=before)
            faults.append(Fault(number, "email", told))
        else:
            seen[found.guest.email] = number
            lines.append(found)
    return Reading(lines, faults)


def _read_row(columns: list[str], number: int, cells: list[str]) -> Line | list[Fault]:
    beyond = [cell for cell in cells[len(columns) :] if cell.strip()]
    if beyond:
        return [Fault(number, "", lazy_gettext("This row has more cells than the first one."))]
    cells_by_name = zip(columns, map(str.strip, cells), strict=False)
    named = {name: cell for name, cell in cells_by_name if name in COLUMNS}
    if "language" in named:
        named["language"] = _language_of(named["language"])
    try:
        return Line(number, guest_from({name: cell for name, cell in named.items() if cell}))
    except InvalidInput as error:
        return [
            Fault(number, field, _TOLD.get(field, told)) for field, told in error.fields.items()
        ]


def _language_of(text: str) -> str:
    """The tag as this site writes it, however it is cased."""
    tags = {language.tag.casefold(): language.tag for language in LANGUAGES}
    return tags.get(text.casefold(), text)


def _broken(row: int, column: str, message: Text) -> Reading:
    return Reading(faults=[Fault(row, column, message)])


def _refused(message: Text) -> InvalidInput:
    return InvalidInput(fields={"people": message})
