"""Whether the shipped fonts have every letter of a text: one without would be printed as an empty box."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from .typeset import FONTS


def not_printable(texts: Iterable[str]) -> str:
    """The letters of the texts that no shipped font has, each once, in their order; '' where all can be printed."""
    known = _known()
    return "".join(
        dict.fromkeys(
            letter
            for text in texts
            for letter in text
            if ord(letter) not in known and not letter.isspace()
        )
    )


def printable(text: str) -> str:
    """The text with a question mark for every letter that no shipped font has."""
    missing = not_printable([text])
    return "".join("?" if letter in missing else letter for letter in text)


@cache
def _known() -> frozenset[int]:
    """The code points of the regular weights; the bold ones are cut to what our own texts need."""
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for file in sorted(FONTS.glob("*-Regular.*")):
        with TTFont(file, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)
