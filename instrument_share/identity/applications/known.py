"""Institutions of which the product knows the public facts: names, ROR, country, zone and mail domains."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ...foundation.identifiers import normalize_ror
from ...foundation.localized import LocalizedText

#: The table as it is shipped.
KNOWN = Path(__file__).parent / "known.yaml"
_MOST = 10


@dataclass(frozen=True, slots=True)
class KnownInstitution:
    """What the table says of one; `ror` in its full form."""

    ror: str
    names: LocalizedText
    country: str
    time_zone: str
    mail_domains: tuple[str, ...]
    website: str


def found_in_table(wanted: str) -> list[KnownInstitution]:
    """The institutions of that ROR, or with those words in a name of any language; at most ten."""
    ror = normalize_ror(wanted)
    if ror is not None:
        return [each for each in _table() if each.ror == ror]
    words = wanted.casefold().split()
    return [each for each in _table() if words and _has_all(each, words)][:_MOST]


def known_by_ror(ror: str) -> KnownInstitution | None:
    return next(iter(found_in_table(ror)), None) if normalize_ror(ror) else None


def _has_all(each: KnownInstitution, words: Sequence[str]) -> bool:
    names = " ".join(each.names.values()).casefold()
    return all(word in names for word in words)


@functools.lru_cache(maxsize=1)
def _table() -> tuple[KnownInstitution, ...]:
    """Read once: the file is part of the installed product."""
    entries: list[dict[str, Any]] = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    return tuple(
        KnownInstitution(
            each["ror"], each["names"], each["country"], each["time_zone"],
            tuple(each["mail_domains"]), each["website"],
        )
        for each in entries
    )  # fmt: skip
