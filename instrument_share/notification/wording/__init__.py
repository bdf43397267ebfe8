"""The words of every message, by what it is about; mails and the inbox use the same.

`%(instrument)s`, `%(reference)s`, `%(applicant)s` and the like are filled in by `letters`.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..rules import Kind
from . import (
    access,
    accounts,
    afterwards,
    bookings,
    calls,
    conversations,
    decisions,
    operations,
    projects,
    quotas,
    visits,
    waiting,
)
from .template import Template, Words

__all__ = ["Words", "words_for"]

_ROOMS = (
    access,
    accounts,
    afterwards,
    bookings,
    calls,
    conversations,
    decisions,
    operations,
    projects,
    quotas,
    visits,
    waiting,
)
_WORDS: dict[Kind, Template] = {
    kind: template for room in _ROOMS for kind, template in room.WORDS.items()
}


def words_for(kind: Kind, values: Mapping[str, str]) -> Words:
    """The words of a message in the language that gettext speaks."""
    return _WORDS[kind].filled(values)
