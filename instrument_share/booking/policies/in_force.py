"""Which policy decides on a request: the nearest one that somebody wrote, else the built-in one.

Looking it up costs no statement. The host's row, which is read with the instrument of every request, carries a mark
that is a new one, never given before, after each activation under that host. A process keeps what it read under a mark.
The copy cannot be stale: the mark and the activated version are written in one transaction and the versions under a
mark never change (which of them holds at a moment is decided by their dates, not by the mark), so a request sees either
the old mark with the old versions or the new mark, under which nothing is kept yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select

from ...catalogue.models import Instrument
from ...catalogue.queries import scopes_of
from ...foundation.database import db
from ...identity.rules import Scope
from .models import ApprovalPolicy
from .rules import BUILT_IN, Policy
from .written import from_data

#: Hosts whose policies a process keeps; the oldest mark goes first.
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class InForce:
    """A version with the moment from which it holds; `id` is None for the built-in policy."""

    id: int | None
    version: int
    scope: Scope | None
    starts_at: datetime | None
    rules: Policy


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
    begun = [each for each in versions if each.starts_at is not None and each.starts_at <= at]
    newest = max(begun, key=partial(_rank, scopes), default=None)
    return newest if newest is not None and newest.scope in scopes else BUILT_IN_POLICY


def _rank(scopes: Sequence[Scope], version: InForce) -> tuple[int, object, int]:
    place = -scopes.index(version.scope) if version.scope in scopes else -len(scopes)
    return (place, version.starts_at, version.version)


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
