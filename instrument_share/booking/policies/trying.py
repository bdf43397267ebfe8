"""What a policy would have changed: the facts of requests that were sent, led through another policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from ...catalogue.models import Facility, Instrument
from ...foundation.database import db
from ...foundation.localized import LocalizedText
from ...identity.models import Person
from ...identity.rules import Scope
from ..models import Booking
from ..rules import History
from .facts import Asker, histories_of
from .in_force import InForce, activated_under, nearest
from .places import Place
from .rules import Policy, asks_history, plan, signature
from .written import facts_from

#: Requests that are looked at, the latest.
MOST_TRIED = 120


@dataclass(frozen=True, slots=True)
class Changed:
    """A request whose route, or whose approval without anybody, would be another one."""

    reference: str
    submitted_at: datetime
    applicant: str
    instrument: LocalizedText
    before: list[list[Any]]
    after: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Trial:
    """`total` requests were led through the policy; these would have gone another way."""

    total: int
    changed: Sequence[Changed]


def try_out(policy: Policy, place: Place, at: datetime, *, most: int = MOST_TRIED) -> Trial:
    """Lead the latest requests whose routes the policy would have a part in through it. Five statements at most."""
    versions = activated_under(place.host.id)
    would_be = [*versions, _as_if_activated(policy, place, versions, at)]
    tried = [
        (row, after.whole)
        for row, before, after in (
            (row, nearest(versions, _scopes_of(row), at), nearest(would_be, _scopes_of(row), at))
            for row in _submitted(place, most)
        )
        if place.scope in _parts(before) | _parts(after)
    ]
    known = _histories([row for row, rules in tried if asks_history(rules)])
    found = [(row, _route(rules, _facts_of(row), known.get(row.id))) for row, rules in tried]
    changed = [_changed(row, after) for row, after in found if after != row.route_facts["route"]]
    return Trial(len(tried), changed)


def _as_if_activated(
    policy: Policy, place: Place, versions: Sequence[InForce], at: datetime
) -> InForce:
    last = max((each.version for each in versions), default=0)
    return InForce(None, last + 1, place.scope, at, policy)


def _parts(in_force: InForce) -> set[Scope | None]:
    """The places whose policies make a route: the nearest, and those above that bind."""
    return {in_force.scope, *(each.scope for each in in_force.bound)}


def _histories(rows: Sequence[Any]) -> dict[int, History]:
    askers = {
        row.id: Asker(
            row.applicant_id,
            row.institution_id,
            row.instrument_id,
            row.facility_id,
            row.submitted_at,
        )
        for row in rows
    }
    known = histories_of(list(askers.values())) if askers else {}
    return {key: known[asker] for key, asker in askers.items()}


def _route(policy: Policy, stored: Mapping[str, Any], history: History | None) -> list[list[Any]]:
    return signature(plan(policy, replace(facts_from(stored), history=history)))


def _facts_of(row: Any) -> dict[str, Any]:
    """As they were kept; what was not kept then (the class of screening was not) as it is now."""
    return {"screening_class": row.screening_class, **row.route_facts}


def _changed(row: Any, after: list[list[Any]]) -> Changed:
    before = row.route_facts["route"]
    return Changed(row.reference, row.submitted_at, row.display_name, row.names, before, after)


def _submitted(place: Place, most: int) -> Sequence[Any]:
    return db.session.execute(
        select(
            Booking.id,
            Booking.reference,
            Booking.applicant_id,
            Booking.institution_id,
            Booking.instrument_id,
            Booking.submitted_at,
            Booking.route_facts,
            Instrument.facility_id,
            Instrument.names,
            Instrument.screening_class,
            Facility.host_id,
            Person.display_name,
        )
        .join(Instrument, Instrument.id == Booking.instrument_id)
        .join(Facility, Facility.id == Instrument.facility_id)
        .join(Person, Person.id == Booking.applicant_id)
        .where(
            _covers(place.scope),
            Booking.submitted_at.is_not(None),
            Booking.route_facts.is_not(None),
        )
        .order_by(Booking.submitted_at.desc(), Booking.id.desc())
        .limit(most)
    ).all()


def _covers(scope: Scope) -> ColumnElement[bool]:
    match scope.kind:
        case "institution":
            return Facility.host_id == scope.id
        case "facility":
            return Instrument.facility_id == scope.id
        case _:
            return Booking.instrument_id == scope.id


def _scopes_of(row: Any) -> tuple[Scope, ...]:
    """The places whose policies could decide on the request, the nearest first."""
    return (
        Scope("instrument", row.instrument_id),
        Scope("facility", row.facility_id),
        Scope("institution", row.host_id),
    )
