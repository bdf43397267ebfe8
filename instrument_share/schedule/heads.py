"""What a feed is before anything of it is read: enough to answer `304 Not Modified`.

Programs ask for feeds all day, mostly for nothing new: each head is one statement by unique keys,
built once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, cast, literal, select

from ..catalogue.models import Facility, Instrument
from ..foundation.errors import NotFound
from ..foundation.localized import LocalizedText
from ..foundation.reading import read_row, read_values
from ..identity.models import Person
from .addresses import secret_key
from .models import Calendar
from .rules import Secret, is_token_of, person_id_in


@dataclass(frozen=True, slots=True)
class FeedHead:
    """A feed's key and version, its home zone, and the name or the language that it has."""

    key: str
    id: int
    time_zone: str
    version: int
    changed_at: datetime | None
    names: LocalizedText | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """Which text a feed has: enough to tell who has it that it is unchanged. `language` is that of its person."""

    key: str
    number: int
    language: str | None = None


def _with_calendar(
    query: Select[*tuple[Any, ...]], kind: str, key: Any
) -> Select[*tuple[Any, ...]]:
    """The query joined with its calendar row, which is not there before the first change."""
    name: ColumnElement[str] = literal(f"{kind}:") + cast(key, String)
    return query.outerjoin(Calendar, Calendar.key == name).add_columns(
        Calendar.version, Calendar.changed_at, Calendar.secret_serial
    )


def _version_of(query: Select[*tuple[Any, ...]], *columns: Any) -> Select[*tuple[Any, ...]]:
    """The same with these columns and the version alone."""
    return query.with_only_columns(*columns, Calendar.version, maintain_column_froms=True)


_INSTRUMENT = _with_calendar(
    select(Instrument.id, Instrument.names, Facility.time_zone)
    .join(Facility, Facility.id == Instrument.facility_id)
    .where(Instrument.slug == bindparam("slug")),
    "instrument",
    Instrument.id,
)
_FACILITY = _with_calendar(
    select(Facility.id, Facility.names, Facility.time_zone).where(
        Facility.slug == bindparam("slug")
    ),
    "facility",
    Facility.id,
)
_SECRET = {
    secret: _with_calendar(
        select(Person.language, Person.time_zone, Person.suspended_at).where(
            Person.id == bindparam("id")
        ),
        secret,
        Person.id,
    )
    for secret in Secret
}


_INSTRUMENT_VERSION = _version_of(_INSTRUMENT, Instrument.id)
_FACILITY_VERSION = _version_of(_FACILITY, Facility.id)
_OWN_VERSION = _version_of(
    _SECRET[Secret.OWN], Person.language, Person.suspended_at.is_(None), Calendar.secret_serial
)


def instrument_version(slug: str) -> Version:
    """Which text an instrument's feed has. Raises NotFound."""
    return _public_version("instrument", _INSTRUMENT_VERSION, slug)


def facility_version(slug: str) -> Version:
    """Which text a facility's feed has. Raises NotFound."""
    return _public_version("facility", _FACILITY_VERSION, slug)


def own_version(token: str) -> Version:
    """Which text the feed of a person's own bookings has. Raises NotFound where `secret_feed` does."""
    person_id = person_id_in(token)
    row = read_values(_OWN_VERSION, id=person_id)
    if row is None or person_id is None:
        raise NotFound()
    language, is_active, serial, number = row
    if not is_active or not is_token_of(token, secret_key(), Secret.OWN, person_id, serial or 1):
        raise NotFound()
    return Version(f"{Secret.OWN}:{person_id}", number or 0, language)


def instrument_feed(slug: str) -> FeedHead:
    """The head of an instrument's feed. Raises NotFound."""
    return _public("instrument", _INSTRUMENT, slug)


def facility_feed(slug: str) -> FeedHead:
    """The head of a facility's feed. Raises NotFound."""
    return _public("facility", _FACILITY, slug)


def secret_feed(secret: Secret, token: str) -> FeedHead:
    """The head of the feed that a secret address opens.

    Raises NotFound where the address is void, was never ours, or its person is suspended.
    """
    person_id = person_id_in(token)
    row = read_row(_SECRET[secret], {"id": person_id})
    if row is None or person_id is None or row.suspended_at:
        raise NotFound()
    if not is_token_of(token, secret_key(), secret, person_id, row.secret_serial or 1):
        raise NotFound()
    return FeedHead(
        key=f"{secret}:{person_id}",
        id=person_id,
        time_zone=row.time_zone,
        version=row.version or 0,
        changed_at=row.changed_at,
        language=row.language,
    )


def _public_version(kind: str, query: Select[*tuple[Any, ...]], slug: str) -> Version:
    row = read_values(query, slug=slug)
    if row is None:
        raise NotFound()
    row_id, number = row
    return Version(f"{kind}:{row_id}", number or 0)


def _public(kind: str, query: Select[*tuple[Any, ...]], slug: str) -> FeedHead:
    row = read_row(query, {"slug": slug})
    if row is None:
        raise NotFound()
    return FeedHead(
        key=f"{kind}:{row.id}",
        id=row.id,
        time_zone=row.time_zone,
        version=row.version or 0,
        changed_at=row.changed_at,
        names=row.names,
    )
