"""What a message about no booking tells: a page, names for its words, perhaps a time. It is kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..foundation.interval import Interval
from ..foundation.localized import LocalizedText
from ..identity.called import called


def plain_facts(
    path: str,
    *,
    comment: str = "",
    by: str = "",
    slot: Interval | None = None,
    time_zone: str = "",
    shares: Sequence[tuple[LocalizedText, int]] = (),
    **names: Any,
) -> dict[str, Any]:
    """The facts as they are kept; `PlainFacts.read` has them back.

    Of the names, text in several languages is a mapping, `day` a day in ISO 8601, and a number under `…_minutes` a
    length of time. `slot` comes with its `time_zone`; `shares` are who gives time, and how many minutes.
    """
    kept = {name: dict(it) if isinstance(it, Mapping) else it for name, it in names.items()}
    facts: dict[str, Any] = {"path": path, "comment": comment, "by": by, "names": kept}
    if slot:
        facts |= {"slot": [slot.start.isoformat(), slot.end.isoformat()], "time_zone": time_zone}
    if shares:
        facts["shares"] = [{"of": dict(of), "minutes": minutes} for of, minutes in shares]
    return facts


@dataclass(frozen=True, slots=True)
class PlainFacts:
    """The same, read back."""

    path: str
    names: Mapping[str, Any]
    comment: str
    by: str
    slot: Interval | None
    time_zone: str
    shares: Sequence[tuple[LocalizedText, int]]

    @classmethod
    def is_in(cls, facts: Mapping[str, Any]) -> bool:
        """Whether these are facts of this kind."""
        return "path" in facts

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> PlainFacts:
        slot = facts.get("slot")
        return cls(
            path=facts["path"],
            names=facts["names"],
            comment=facts.get("comment", ""),
            by=called(facts.get("by", "")),
            slot=Interval(*map(datetime.fromisoformat, slot)) if slot else None,
            time_zone=facts.get("time_zone", ""),
            shares=[(each["of"], each["minutes"]) for each in facts.get("shares", ())],
        )
