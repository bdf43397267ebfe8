"""What a message about no booking tells: a page, names for its words, perhaps a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ...foundation.interval import Interval
from ...foundation.localized import LocalizedText
from ...identity.called import called
from .times import pair_of, slot_of

#: Text in several languages, a plain text, a day in ISO 8601 (under `day`), or minutes (under `…_minutes`).
Named: TypeAlias = LocalizedText | str | int


@dataclass(frozen=True, slots=True)
class PlainFacts:
    """The page that the message leads to, what its words leave open, and who says what to it.

    `slot` comes with its `time_zone`; `shares` are who gives time, and how many minutes.
    """

    path: str
    names: Mapping[str, Any]
    comment: str = ""
    by: str = ""
    slot: Interval | None = None
    time_zone: str = ""
    shares: tuple[tuple[LocalizedText, int], ...] = ()

    def kept(self) -> dict[str, Any]:
        names = {key: dict(it) if isinstance(it, Mapping) else it for key, it in self.names.items()}
        facts: dict[str, Any] = {
            "path": self.path,
            "comment": self.comment,
            "by": self.by,
            "names": names,
        }
        if self.slot:
            facts |= {"slot": pair_of(self.slot), "time_zone": self.time_zone}
        if self.shares:
            facts["shares"] = [{"of": dict(of), "minutes": given} for of, given in self.shares]
        return facts

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> PlainFacts:
        slot = facts.get("slot")
        return cls(
            path=facts["path"],
            names=facts["names"],
            comment=facts.get("comment", ""),
            by=called(facts.get("by", "")),
            slot=slot_of(slot) if slot else None,
            time_zone=facts.get("time_zone", ""),
            shares=tuple((each["of"], each["minutes"]) for each in facts.get("shares", ())),
        )


def plain_facts(
    path: str,
    *,
    comment: str = "",
    by: str = "",
    slot: Interval | None = None,
    time_zone: str = "",
    shares: tuple[tuple[LocalizedText, int], ...] = (),
    **names: Named,
) -> PlainFacts:
    """The same with the names as arguments, which reads like the sentence that they stand in."""
    return PlainFacts(path, names, comment, by, slot, time_zone, shares)
