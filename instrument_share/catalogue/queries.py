"""Reading instruments, facilities and when they are closed. The search is in `catalogue.search`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import defer, joinedload, selectinload

from ..foundation.database import db, engine_name
from ..foundation.errors import NotFound
from ..foundation.interval import Interval
from ..foundation.localized import LocalizedText
from ..foundation.many import Numbers, among, gathered
from ..identity.acting import actor_of
from ..identity.models import Institution, Person
from ..identity.rules import Permission, Scope, Subject, may, scopes_held, subject
from .errors import NotInService
from .models import (
    Facility,
    Instrument,
    InstrumentField,
    InstrumentMode,
    OpeningException,
    Technique,
    instrument_technique,
)
from .rules import BOOKABLE, InstrumentStatus
from .within import instrument_within


def instrument_by_slug(slug: str) -> Instrument:
    """The instrument with its facility and host. Raises NotFound."""
    return _the(slug, _BY_SLUG)


def described_instrument(slug: str) -> Instrument:
    """The instrument with everything that its page shows. Raises NotFound."""
    return _the(slug, _DESCRIBED)


@dataclass(frozen=True, slots=True)
class Described:
    """An instrument and how it is classified, as its page shows both; the classes by their codes."""

    instrument: Instrument
    techniques: Sequence[LocalizedText]
    fields: Sequence[str]
    modes: Sequence[str]


def instrument_with_classes(slug: str) -> Described:
    """The instrument with facility and host, and its classes as values, in one statement. Raises NotFound."""
    row = db.session.execute(_WITH_CLASSES, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound()
    instrument, *classes = row
    return Described(instrument, *(each or () for each in classes))


def bookable_instrument(slug: str, *, to_book: bool = False) -> Instrument:
    """The instrument with facility, host and access modes, when it can be booked.

    `to_book` keeps its rules, hours and closures as they are until the transaction ends: bookings share that lock,
    whoever changes the instrument waits for them and they for that. Raises NotFound, and NotInService where it is
    out of service or retired.
    """
    instrument = _the(slug, _TO_BOOK if to_book else _BOOKABLE)
    if instrument.status not in BOOKABLE:
        raise NotInService()
    return instrument


def instrument_to_change(slug: str) -> Instrument:
    """The instrument with facility and host, when no booking of it is being made. Raises NotFound."""
    return _the(slug, _TO_CHANGE)


def _the(slug: str, query: Select[Instrument]) -> Instrument:
    found = db.session.scalars(query, {"slug": slug}).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


# How the row of an instrument is locked matters on PostgreSQL; on SQLite writers take turns anyway.
_BY_SLUG = (
    select(Instrument)
    .where(Instrument.slug == bindparam("slug"))
    .options(joinedload(Instrument.facility).joinedload(Facility.host))
)
_DESCRIBED = _BY_SLUG.options(
    selectinload(Instrument.fields),
    selectinload(Instrument.modes),
    selectinload(Instrument.techniques),
)


def _all_of(rows: Select[Any]) -> ColumnElement[Any]:
    """The one column of an instrument's rows as one list."""
    found = rows.correlate(Instrument).subquery()
    return select(gathered(*found.c)).scalar_subquery()


_link = instrument_technique.c
_WITH_CLASSES = _BY_SLUG.add_columns(
    _all_of(
        select(Technique.names)
        .join(instrument_technique, _link.technique_code == Technique.code)
        .where(_link.instrument_id == Instrument.id)
        .order_by(Technique.code)
    ),
    _all_of(
        select(InstrumentField.field)
        .where(InstrumentField.instrument_id == Instrument.id)
        .order_by(InstrumentField.field)
    ),
    _all_of(
        select(InstrumentMode.mode)
        .where(InstrumentMode.instrument_id == Instrument.id)
        .order_by(InstrumentMode.mode)
    ),
)
_BOOKABLE = _BY_SLUG.options(joinedload(Instrument.modes))
_TO_BOOK = (
    _BOOKABLE.options(  # long texts that no rule asks for stay where they are
        defer(Instrument.summary),
        defer(Instrument.specification),
        defer(Instrument.sample_requirements),
        joinedload(Instrument.facility).options(
            defer(Facility.descriptions), defer(Facility.place), defer(Facility.programme)
        ),
    )
    .with_for_update(of=Instrument, read=True, key_share=True)
    .execution_options(populate_existing=True)
)
_TO_CHANGE = _BY_SLUG.with_for_update(of=Instrument).execution_options(populate_existing=True)


def facility_by_slug(slug: str) -> Facility:
    """The facility with its host and co-builders. Raises NotFound."""
    found = db.session.scalar(
        select(Facility)
        .where(Facility.slug == slug)
        .options(joinedload(Facility.host), selectinload(Facility.co_builders))
    )
    if found is None:
        raise NotFound()
    return found


def instruments_of(facility: Facility) -> Sequence[Instrument]:
    """The facility's instruments that are not retired, with modes and techniques."""
    return db.session.scalars(
        select(Instrument)
        .where(Instrument.facility_id == facility.id, Instrument.status != InstrumentStatus.RETIRED)
        .options(selectinload(Instrument.modes), selectinload(Instrument.techniques))
        .order_by(Instrument.slug)
    ).all()


def closures_of(instrument_ids: Iterable[int], window: Interval) -> Sequence[OpeningException]:
    """Closures and exceptional openings that overlap the window, by start."""
    given = {"instruments": instrument_ids, "since": window.start, "until": window.end}
    return db.session.scalars(_closures(engine_name()), given).all()


@cache
def _closures(_engine: str) -> Select[OpeningException]:
    ours = among(OpeningException.instrument_id, bindparam("instruments", type_=Numbers()))
    return (
        select(OpeningException)
        .where(ours, overlaps_window())
        .order_by(OpeningException.starts_at, OpeningException.id)
    )


def overlaps_window() -> ColumnElement[bool]:
    """Whether a closure or exceptional opening overlaps the window from `:since` to `:until`."""
    return and_(
        OpeningException.ends_at > bindparam("since"),
        OpeningException.starts_at < bindparam("until"),
    )


def scopes_of(instrument: Instrument) -> tuple[Scope, ...]:
    """The host's scopes that cover an instrument: itself, its facility, the host institution."""
    return (
        Scope("instrument", instrument.id),
        Scope("facility", instrument.facility_id),
        Scope("institution", instrument.facility.host_id),
    )


def subject_of(instrument: Instrument) -> Subject:
    """The instrument as the permission table sees it."""
    return subject(host=scopes_of(instrument))


def may_manage(person: Person, instrument: Instrument) -> bool:
    return may(actor_of(person), Permission.MANAGE_INSTRUMENT, subject_of(instrument))


def instruments_managed_by(person: Person) -> Sequence[Instrument]:
    """Every instrument that the person may change, with facility and host, by slug."""
    held = scopes_held(actor_of(person), Permission.MANAGE_INSTRUMENT, "host")
    return db.session.scalars(
        select(Instrument)
        .join(Instrument.facility)
        .where(instrument_within(held))
        .options(joinedload(Instrument.facility).joinedload(Facility.host))
        .order_by(Instrument.slug)
    ).all()


def technique_names(codes: Sequence[str]) -> dict[str, LocalizedText]:
    """The names of techniques by code."""
    query = select(Technique.code, Technique.names).where(Technique.code.in_(codes))
    return {key: names for key, names in db.session.execute(query)}  # noqa: C416 rows are typed


def institution_names(slugs: Sequence[str]) -> dict[str, LocalizedText]:
    """The names of institutions by slug."""
    query = select(Institution.slug, Institution.names).where(Institution.slug.in_(slugs))
    return {key: names for key, names in db.session.execute(query)}  # noqa: C416 rows are typed
