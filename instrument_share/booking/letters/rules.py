"""Numbers, codes and states of letters, as pure functions."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from ...foundation.identifiers import READABLE, random_letters

#: In which languages a letter may be written: codes of one tag, or of two side by side.
LANGUAGES = ("en", "zh-Hans+en", "ar+en", "ru+en")
_LENGTH, _GROUP = 28, 4  # 140 bits in seven groups
_LOOKALIKE = str.maketrans("OIL", "011")


class Standing(StrEnum):
    """What a letter is worth now."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


def new_code() -> str:
    return random_letters(_LENGTH)


def grouped(code: str) -> str:
    """The code as it is printed: `7K3M-…`."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def typed_code(text: str) -> str | None:
    """The code that somebody has typed, with any grouping and case; None where it can be none."""
    code = re.sub(r"[\s\-\u2010-\u2015]+", "", text[:200]).upper().translate(_LOOKALIKE)
    return code if len(code) == _LENGTH and set(code) <= set(READABLE) else None


def number_of(host_slug: str, year: int, serial: int) -> str:
    """`TSINGHUA-L-2026-0007`: counted by host and year."""
    return f"{host_slug.upper()}-L-{year}-{serial:04}"


def standing_of(superseded_at: datetime | None, revoked_at: datetime | None) -> Standing:
    """A letter that was revoked says so, whatever came after it."""
    if revoked_at:
        return Standing.REVOKED
    return Standing.SUPERSEDED if superseded_at else Standing.VALID
