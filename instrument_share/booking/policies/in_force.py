"""Which policy decides on a request: the nearest one that somebody wrote, else the built-in one.

Looking it up costs no statement. The host's row, which is read with the instrument of every request, carries a mark
that is a new one, never given before, after each activation under that host. A process keeps what it read under a mark.
The copy cannot be stale: the mark and the activated version are written in one transaction and the versions under a
mark never change (which of them holds at a moment is decided by their dates, not by the mark), so a request sees either
the old mark with the old versions or the new mark, under which nothing is kept yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from ...catalogue.models import Instrument
from ...catalogue.queries import scopes_of
from ...foundation.database import db
from ...identity.rules import Scope
from .models import ApprovalPolicy
from .rules import BUILT_IN, Policy, with_binding
from .written import from_data

#: Hosts whose policies a process keeps; the oldest mark goes first.
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class InForce:
    """A version with the moment from which it holds; `id` is None for the built-in policy.

    `rules` are its own; `bound` are the versions above it with steps that bind it, the nearest first.
    """

    id: int | None
    version: int
    scope: Scope | None
    starts_at: datetime | None
    rules: Policy
    bound: tuple[InForce, ...] = ()

    @property
    def whole(self) -> Policy:
        """What decides: its own steps and, after them, those that bind it."""
        return with_binding(self.rules, (each.rules for each in self.bound))


BUILT_IN_POLICY = InForce(None, 0, None, None, BUILT_IN)

_kept: dict[str, Sequence[InForce]] = {}


def policy_for(instrument: Instrument, at: datetime) -> InForce:
    """The policy that decides on requests for the instrument at a moment (its facility and host must be loaded)."""
    host = instrument.facility.host
    if host.policies_mark is None:
        return BUILT_IN_POLICY
    return nearest(_activated(host.policies_mark, host.id), scopes_of(instrument), at)


def nearest(versions: Iterable[InForce], scopes: Sequence[Scope], at: datetime) -> InForce:
    """The version that holds at the moment for the first of the scopes that has one; `scopes` from the nearest on."""
    holding = _holding(versions, scopes, at)
    return replace(holding[0], bound=_binding(holding[1:])) if holding else BUILT_IN_POLICY


def binding_above(
    versions: Iterable[InForce], scopes: Sequence[Scope], at: datetime
) -> tuple[InForce, ...]:
    """The versions with steps that bind whatever is written for the first of the scopes."""
    return _binding(_holding(versions, scopes[1:], at))


def _holding(
    versions: Iterable[InForce], scopes: Sequence[Scope], at: datetime
) -> Sequence[InForce]:
    """The version of each scope that holds at the moment, in the order of the scopes."""
    newest: dict[Scope | None, InForce] = {}
    for each in versions:
        if each.starts_at is not None and each.starts_at <= at:
            before = newest.get(each.scope)
            newest[each.scope] = each if before is None else max(before, each, key=_age)
    return [newest[scope] for scope in scopes if scope in newest]


def _binding(holding: Iterable[InForce]) -> tuple[InForce, ...]:
    return tuple(each for each in holding if each.rules.binding_steps)


def _age(version: InForce) -> tuple[object, int]:
    return (version.starts_at, version.version)


def _activated(mark: str, host_id: int) -> Sequence[InForce]:
    if mark not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[mark] = activated_under(host_id)
    return _kept[mark]


def activated_under(host_id: int) -> Sequence[InForce]:
    """Every version that was activated for a host, its facilities and its instruments."""
    rows = db.session.execute(
        select(
            ApprovalPolicy.id,
            ApprovalPolicy.version,
            ApprovalPolicy.scope_kind,
            ApprovalPolicy.scope_id,
            ApprovalPolicy.starts_at,
            ApprovalPolicy.document,
        ).where(ApprovalPolicy.host_id == host_id, ApprovalPolicy.activated_at.is_not(None))
    )
    return [
        InForce(
            row.id,
            row.version,
            Scope(row.scope_kind, row.scope_id),
            row.starts_at,
            from_data(row.document),
        )
        for row in rows
    ]
