"""What people are called: as they wrote it, or, once an account is erased, as the reader's language says it.

The database keeps one neutral form, “Erased person 12”; pages, mails and answers of the API say it in their language.
"""

from __future__ import annotations

import re

from flask_babel import gettext
from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_NEUTRAL = "Erased person {}"
_WRITTEN = re.compile(r"Erased person (\d+)", re.ASCII)


class ErasedName(str):
    """The neutral form, which shows itself in the language of the moment wherever it is written out."""

    __slots__ = ()

    def __str__(self) -> str:
        number = self.removeprefix(_NEUTRAL.format(""))
        return gettext("Erased person %(number)s", number=number)


def erased_name(person_id: int) -> ErasedName:
    """What stands in place of the names of an erased account."""
    return ErasedName(_NEUTRAL.format(person_id))


def called(name: str) -> str:
    """A name as it was kept, in a row or among the facts of a message."""
    return ErasedName(name) if _WRITTEN.fullmatch(name) else name


class PersonName(TypeDecorator[str]):
    """A column for what somebody is called."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else called(value)
