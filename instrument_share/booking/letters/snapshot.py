"""What a letter states, frozen when it is issued: everything that its pages are made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ...foundation.clock import zone
from ...identity.models import Person
from ..visits.models import Visit, Visitor

#: What the booking and the visit give to a letter; where it differs the letter says something else than they do.
_FACTS = ("reference", "starts_at", "ends_at", "arrives_on", "departs_on", "visitors")


def snapshot_of(
    visit: Visit, number: str, languages: str, verify_at: str, *, by: Person, at: datetime
) -> dict[str, Any]:
    """The facts of a letter as plain JSON; `issued_on` is the day at the instrument."""
    booking = visit.booking
    instrument, facility = booking.instrument, booking.instrument.facility
    return {
        "number": number,
        "languages": languages,
        "issued_on": at.astimezone(zone(booking.time_zone)).date().isoformat(),
        "issued_by": by.display_name,
        "verify_at": verify_at,
        "host": {"names": dict(facility.host.names), "country": facility.host.country},
        "facility": dict(facility.names),
        "place": dict(facility.place),
        "instrument": dict(instrument.names),
        "time_zone": booking.time_zone,
        "agreement": dict(booking.agreement.titles) if booking.agreement else {},
        **facts_of(visit),
    }


def facts_of(visit: Visit) -> dict[str, Any]:
    booking = visit.booking
    return {
        "reference": booking.reference,
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "arrives_on": visit.arrives_on.isoformat(),
        "departs_on": visit.departs_on.isoformat(),
        "visitors": [_facts_of(visitor) for visitor in visit.visitors],
    }


def says_otherwise(snapshot: Mapping[str, Any], visit: Visit) -> bool:
    """Whether the booking or the visit has changed since the letter was issued."""
    now = facts_of(visit)
    return any(snapshot[name] != now[name] for name in _FACTS)


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON, in hexadecimal."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _facts_of(visitor: Visitor) -> dict[str, str]:
    names = ("name", "latin_name", "country", "institution", "role")
    return {name: getattr(visitor, name) for name in names}
