"""Names of one script inside sentences of another.

Without isolation the brackets and numbers of “Bruker AVANCE (600 MHz)” change places with the words around them in an
Arabic sentence. FSI … PDI keep them together (Unicode UAX #9, 3.1.2), in pages, mails and subjects alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from babel.support import Translations

FIRST_STRONG = "\u2068"
POP = "\u2069"
RIGHT_TO_LEFT = "\u200f"
#: Counts are written in the sentence's own script. What is isolated already stays so.
_PLACEHOLDER = re.compile(rf"(?<!{FIRST_STRONG})%\((?!num\))\w+\)s")
_ANY_PLACEHOLDER = re.compile(r"%\(\w+\)s")


def isolated(text: object) -> str:
    """The text with a direction of its own, whatever stands around it."""
    return f"{FIRST_STRONG}{text}{POP}"


def isolating(sentence: str) -> str:
    """A sentence whose names, still to be filled in, stand isolated in it.

    One of names and marks alone would have no direction when it is itself filled into another: the letters of isolated
    names do not count there (UAX #9, P2). It says that it runs from right to left.
    """
    filled = _PLACEHOLDER.sub(lambda found: isolated(found.group()), sentence)
    return filled if _has_letters(sentence) else f"{RIGHT_TO_LEFT}{filled}"


def _has_letters(sentence: str) -> bool:
    return any(letter.isalpha() for letter in _ANY_PLACEHOLDER.sub("", sentence))


def isolate_names(texts: Translations) -> None:
    """Let every sentence of a right-to-left catalogue isolate the names that are filled in."""
    sentences: dict[Any, str] = texts._catalog  # no other way to all of them
    sentences.update(_isolating(sentences))


def _isolating(sentences: Mapping[Any, str]) -> dict[Any, str]:
    return {key: isolating(text) for key, text in sentences.items() if "%(" in text}
