"""One way to turn text into search words, for every language, both engines, the index and what people type.

Unicode NFKC; case and diacritics folded; Arabic letters normalised; runs of CJK cut into
overlapping bigrams plus
single characters. What comes out are bare words of letters and digits, so that no engine's own
tokenizer has a say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_CJK = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_CJK}]+|[^{_CJK}]+")
_ARABIC = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
        "ـ": None,
    }
)
#: The Arabic article, alone or behind a one-letter conjunction or preposition, before at least
#: three letters.
_ARTICLE = re.compile(r"^(?:[وفبك]?ال)+(?=[\u0621-\u064a]{3})")
#: Words from this length on are found by their beginning.
_SHORTEST_PREFIX = 3
_LONGEST_WORD = 100
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Term:
    """A word that must be found; by its beginning alone where `is_prefix`."""

    word: str
    is_prefix: bool = False


def words_of(text: str) -> list[str]:
    """The words under which a text is indexed, in order."""
    return [word for run in _runs(text) for word in _indexed(run)]


def terms_of(typed: str) -> list[Term]:
    """What has to be found for what somebody typed; all of it. Empty where nothing typed is a letter or digit."""
    terms = [term for run in _runs(typed[:LONGEST_QUERY]) for term in _asked(run)]
    return list(dict.fromkeys(terms))


def _runs(text: str) -> Iterator[str]:
    """Words of one script: a run of CJK characters, or of other letters and digits between anything else."""
    for word in "".join(c if c.isalnum() else " " for c in _folded(text)).split():
        yield from _RUN.findall(word)


def _folded(text: str) -> str:
    """NFKC, lower case, without diacritics, vowel marks and tatweel, with one form for each Arabic letter."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_ARABIC)
    bare = (
        c
        for c in unicodedata.normalize("NFKD", plain)
        if not unicodedata.category(c).startswith("M")
    )
    return unicodedata.normalize("NFKC", "".join(bare))


def _is_cjk(run: str) -> bool:
    return re.match(f"[{_CJK}]", run) is not None


def _bigrams(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)]


def _indexed(run: str) -> list[str]:
    return [*_bigrams(run), *run] if _is_cjk(run) else [_bare(run)]


def _asked(run: str) -> list[Term]:
    if _is_cjk(run):
        return [Term(pair) for pair in _bigrams(run)] or [Term(run)]
    word = _bare(run)
    return [Term(word, is_prefix=len(word) >= _SHORTEST_PREFIX and not word.isdigit())]


def _bare(word: str) -> str:
    return _ARTICLE.sub("", word)[:_LONGEST_WORD]
