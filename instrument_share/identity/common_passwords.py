"""Passwords that are tried first: those of leaks, and those made of one's own name or address.

The list is zxcvbn's (30,000 passwords out of leaks, by frequency). It is read when a password is first chosen. No kind
of character is asked for (NIST SP 800-63B section 3.1.1.2, OWASP ASVS 5.0 section 6.2): what counts is that nobody
guesses it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from flask_babel import lazy_gettext

TOO_COMMON = lazy_gettext(
    "Many people use this password, or one much like it, so it is guessed quickly. Choose another."
)
TOO_OWN = lazy_gettext(
    "Do not use your name, your e-mail address, or the name of this site or of your institution as a password: they "
    "are tried first. Choose another."
)
#: What repeats so few different characters is no secret, however long it is.
_FEWEST_DIFFERENT = 4


def is_common(password: str) -> bool:
    """Whether a password, or what is left of it without digits and signs around it, is a known one.

    Repetitions of a known one and runs such as `abcdefghijkl` count as known.
    """
    if len(set(_folded(password))) < _FEWEST_DIFFERENT or _is_run(_folded(password)):
        return True
    return any(core in _known() for core in _cores(password))


def is_about(password: str, own: Iterable[str]) -> bool:
    """Whether a password is one of somebody's own names or addresses, with nothing but digits and signs added."""
    names = {_letters(part) for text in own for part in (text, text.partition("@")[0]) if text}
    return any(_letters(core) in names for core in _cores(password))


def _cores(password: str) -> Iterator[str]:
    whole = _folded(password)
    stripped = _stripped(whole)
    for text in dict.fromkeys((whole, _letters(whole), stripped, _letters(stripped))):
        if text:
            yield text
            yield _unit(text)


def _unit(text: str) -> str:
    """What a text repeats: `abcabcabc` is `abc`."""
    return text[: (text + text).index(text, 1)]


def _stripped(text: str) -> str:
    """Without the digits and signs at both ends."""
    letters = [place for place, letter in enumerate(text) if letter.isalpha()]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _letters(text: str) -> str:
    return "".join(each for each in _folded(text) if each.isalnum())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_run(text: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps) == 1 and abs(steps.pop()) <= 1


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
