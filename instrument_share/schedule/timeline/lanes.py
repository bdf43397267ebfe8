"""One instrument of the timeline: what is taken of it, by kind. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from .spans import Span, covered, without


class Kind(StrEnum):
    """Why time cannot be had; also the classes with which the page draws it."""

    SHUT = "shut"  # outside the opening hours
    CLOSED = "closed"
    BUSY = "busy"
    ASKED = "asked"  # held by a request that is not decided
    PARTLY = "partly"  # some of the positions that run side by side
    MINE = "mine"  # the reader's own, confirmed
    WISHED = "wished"  # the reader's own, not decided


@dataclass(frozen=True, slots=True)
class Own:
    """A booking of the reader's own."""

    span: Span
    reference: str
    is_decided: bool


@dataclass(slots=True)
class Taken:
    """What the rows say about one instrument; holds of several positions may lie side by side."""

    confirmed: list[Span] = field(default_factory=list)
    asked: list[Span] = field(default_factory=list)
    closed: list[Span] = field(default_factory=list)
    opened: list[Span] = field(default_factory=list)
    own: dict[str, Own] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lane:
    """The time of one instrument by kind: no minute under two kinds but the reader's own bookings, which lie on top."""

    spans: dict[Kind, list[Span]]
    own: list[Own]

    @property
    def listed(self) -> list[tuple[Span, Kind, str]]:
        """Everything but the opening hours by time, with the reference of what is the reader's."""
        own = covered(each.span for each in self.own)
        rest = [
            (span, kind, "")
            for kind, spans in self.spans.items()
            if kind is not Kind.SHUT
            for span in without(spans, own)
        ]
        mine = [
            (each.span, Kind.MINE if each.is_decided else Kind.WISHED, each.reference)
            for each in self.own
        ]
        return sorted([*rest, *mine])


def lane_of(taken: Taken, opening: Iterable[Span], positions: int, length: int) -> Lane:
    """Each minute under one reason: closed, then taken, then asked for, then shut, then in part."""
    closed = covered(taken.closed)
    busy = without(covered(taken.confirmed, positions), closed)
    held = [*taken.confirmed, *taken.asked]
    asked = without(covered(held, positions), covered([*closed, *busy]))
    gone = covered([*closed, *busy, *asked])
    hours = covered([*opening, *taken.opened])
    shut = without(without([(0, length)], hours), gone)
    partly = without(covered(held), covered([*gone, *shut])) if positions > 1 else []
    spans = {
        Kind.SHUT: shut,
        Kind.CLOSED: closed,
        Kind.BUSY: busy,
        Kind.ASKED: asked,
        Kind.PARTLY: partly,
    }
    own = sorted(taken.own.values(), key=lambda each: each.span)
    return Lane({kind: found for kind, found in spans.items() if found}, own)
