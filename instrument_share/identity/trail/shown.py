"""Entries of the audit trail in the reader's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from ..models import AuditEntry
from ..queries import names_of
from .labels import DEEDS, KINDS

#: Where a thing is shown: endpoint, and the argument that takes what the entry calls it.
_PAGES = {
    "agreement": ("agreements.show", "reference"),
    "booking": ("booking.show", "reference"),
    "call": ("decisions.show", "reference"),
    "instrument": ("catalogue.instrument", "slug"),
    "project": ("projects.show", "reference"),
    "proposal": ("proposals.show", "reference"),
    "series": ("series.show", "reference"),
    "statement": ("accounting.statement", "number"),
}


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One entry: its place in the chain, when and by whom, what was done, to what, and the details kept."""

    sequence: int
    at: datetime
    who: str
    deed: str
    code: str
    kind: str
    thing: str
    url: str
    details: str


def entries_shown(entries: Iterable[AuditEntry]) -> list[ShownEntry]:
    """The entries in words, with the names of people in one query."""
    entries = list(entries)
    names = names_of(
        [each.actor_id for each in entries if each.actor_id]
        + [int(each.subject_id) for each in entries if _is_person(each)]
    )
    return [_entry_shown(each, names) for each in entries]


def _entry_shown(entry: AuditEntry, names: Mapping[int, str]) -> ShownEntry:
    named = names.get(int(entry.subject_id)) if _is_person(entry) else ""
    return ShownEntry(
        sequence=entry.sequence,
        at=entry.at,
        who=names.get(entry.actor_id or 0) or gettext("The system"),
        deed=str(DEEDS.get(entry.action, "")),
        code=entry.action,
        kind=str(KINDS.get(entry.subject_kind, entry.subject_kind)),
        thing=named or entry.subject_id,
        url=_address(entry.subject_kind, entry.subject_id),
        details=" · ".join(
            f"{name}: {_flat(kept)}" for name, kept in entry.details.items() if kept != []
        ),
    )


def _address(kind: str, thing: str) -> str:
    if kind not in _PAGES:
        return ""
    endpoint, argument = _PAGES[kind]
    values: dict[str, Any] = {argument: thing}
    return url_for(endpoint, **values)


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={part}" for name, part in value.items())
    return (
        ", ".join(map(str, value))
        if isinstance(value, list)
        else json.dumps(value, ensure_ascii=False).strip('"')
    )


def _is_person(entry: AuditEntry) -> bool:
    return entry.subject_kind == "person" and entry.subject_id.isdecimal()
