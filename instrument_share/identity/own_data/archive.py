"""All that is held about a person as one ZIP file, written row by row: little of it is in memory at any moment."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any, cast

from flask_babel import gettext

from ...foundation.http.show import moment
from ..models import Person
from . import contents
from .registry import Part, parts
from .told import rows_of

#: What is larger is written to the disk.
_IN_MEMORY = 4 * 1024 * 1024


def archive_of(person: Person, *, at: datetime) -> IO[bytes]:
    """An open file with the archive, read from its beginning; gone when it is closed.

    A statement for each kind of rows, whatever their number. Raises ReadOnly for somebody who only looks on.
    """
    archive = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 the answer closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", _read_me(person, at))
        for part in parts():
            with packed.open(f"{part.name}.json", "w") as file:
                file.writelines(_written(part, person.id))
        contents.pack(packed, person)
    archive.seek(0)
    return cast(IO[bytes], archive)


def _written(part: Part, person_id: int) -> Iterator[bytes]:
    """A JSON object of lists, one for each kind of rows."""
    yield b"{"
    for place, rows in enumerate(part.rows):
        yield f"{',' if place else ''}\n{json.dumps(rows.name)}: [".encode()
        yield from _listed(rows_of(rows, person_id))
        yield b"]"
    yield b"\n}\n"


def _listed(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for place, row in enumerate(rows):
        yield f"{',' if place else ''}\n  {json.dumps(row, ensure_ascii=False)}".encode()


def _read_me(person: Person, at: datetime) -> str:
    """What each file holds, in the language of whoever asks."""
    told = [f"{part.name}.json\n    {part.title}. {part.told}" for part in parts()]
    return "\n\n".join(
        [
            gettext("All data held about %(name)s", name=person.display_name),
            gettext("Made on %(moment)s.", moment=moment(at, person.time_zone)),
            gettext(
                "Each file is JSON in UTF-8: lists of rows under the name of what they are. Times are in UTC unless "
                "they say otherwise. Secrets (passwords, tokens, codes) are left out. Other people are named only in "
                "what was written to you or entered by you; of work in an office your own part is told."
            ),
            *told,
            f"{contents.FOLDER}\n    {gettext('The files that you uploaded, as you sent them.')}",
            "",
        ]
    )
