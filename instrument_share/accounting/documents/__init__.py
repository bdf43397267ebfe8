"""A statement as a document: PDF, workbook and comma-separated text, all from its frozen snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...foundation.documents import comma_separated, typeset, workbook
from ..models import Statement
from .as_data import data_sheet
from .as_pages import pages
from .as_workbook import written_workbook


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of document is made and served."""

    media_type: str
    make: Callable[[Statement], bytes]


KINDS: dict[str, Kind] = {
    "pdf": Kind(typeset.MEDIA_TYPE, pages),
    "xlsx": Kind(workbook.MEDIA_TYPE, written_workbook),
    "csv": Kind(comma_separated.MEDIA_TYPE, lambda it: comma_separated.written(data_sheet(it))),
}
