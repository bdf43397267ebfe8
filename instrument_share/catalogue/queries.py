"""Reading instruments, facilities and when they are closed. The search is in `catalogue.search`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from ..foundation.database import db
from ..foundation.errors import NotFound
from ..foundation.interval import Interval
from ..foundation.localized import LocalizedText
from ..identity.models import Institution, Person
from ..identity.queries import actor_of
from ..identity.rules import Action, Scope, Subject, may, scopes_held, subject
from .errors import NotInService
from .models import Facility, Instrument, OpeningException, Technique
from .rules import BOOKABLE


def instrument_by_slug(slug: str) -> Instrument:
    """The instrument with its facility and host. Raises NotFound."""
    return _instrument(slug)


def described_instrument(slug: str) -> Instrument:
    """The instrument with everything that its page shows. Raises NotFound."""
    return _instrument(
        slug,
        selectinload(Instrument.fields),
        selectinload(Instrument.modes),
        selectinload(Instrument.techniques),
    )


def bookable_instrument(slug: str, *, to_book: bool = False) -> Instrument:
    """The instrument with facility, host and access modes, when it can be booked.

    `to_book` keeps its rules, hours and closures as they are until the transaction ends: bookings share that lock,
    whoever changes the instrument waits for them and they for that. Raises NotFound, and NotInService where it is
    out of service or retired.
    """
    instrument = _instrument(slug, joinedload(Instrument.modes), lock=_SHARED if to_book else None)
    if instrument.status not in BOOKABLE:
        raise NotInService()
    return instrument


def instrument_to_change(slug: str) -> Instrument:
    """The instrument with facility and host, when no booking of it is being made. Raises NotFound."""
    return _instrument(slug, lock=_ALONE)


#: How a row of an instrument is locked (on PostgreSQL; on SQLite writers take turns anyway).
_SHARED: dict[str, bool] = {"read": True, "key_share": True}
_ALONE: dict[str, bool] = {}


def _instrument(
    slug: str, *more: ExecutableOption, lock: dict[str, bool] | None = None
) -> Instrument:
    query = (
        select(Instrument)
        .where(Instrument.slug == slug)
        .options(joinedload(Instrument.facility).joinedload(Facility.host), *more)
    )
    if lock is not None:
        query = query.with_for_update(of=Instrument, **lock)
        query = query.execution_options(populate_existing=True)
    found = db.session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


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
        .where(Instrument.facility_id == facility.id, Instrument.status != "retired")
        .options(selectinload(Instrument.modes), selectinload(Instrument.techniques))
        .order_by(Instrument.slug)
    ).all()


def closures_of(instrument_ids: Iterable[int], window: Interval) -> Sequence[OpeningException]:
    """Closures and exceptional openings that overlap the window, by start."""
    return db.session.scalars(
        select(OpeningException)
        .where(
            OpeningException.instrument_id.in_(list(instrument_ids)),
            OpeningException.ends_at > window.start,
            OpeningException.starts_at < window.end,
        )
        .order_by(OpeningException.starts_at, OpeningException.id)
    ).all()


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
    return may(actor_of(person), Action.MANAGE_INSTRUMENT, subject_of(instrument))


def instruments_managed_by(person: Person) -> Sequence[Instrument]:
    """Every instrument that the person may change, with facility and host, by slug."""
    held = scopes_held(actor_of(person), Action.MANAGE_INSTRUMENT, "host")
    ids = {
        kind: [s.id for s in held if s.kind == kind]
        for kind in ("institution", "facility", "instrument")
    }
    query = (
        select(Instrument)
        .join(Instrument.facility)
        .options(joinedload(Instrument.facility).joinedload(Facility.host))
        .order_by(Instrument.slug)
    )
    if not any(scope.kind == "programme" for scope in held):
        query = query.where(
            Facility.host_id.in_(ids["institution"])
            | Instrument.facility_id.in_(ids["facility"])
            | Instrument.id.in_(ids["instrument"])
        )
    return db.session.scalars(query).all()


def technique_names(codes: Sequence[str]) -> dict[str, LocalizedText]:
    """The names of techniques by code."""
    query = select(Technique.code, Technique.names).where(Technique.code.in_(codes))
    return {key: names for key, names in db.session.execute(query)}  # noqa: C416 rows are typed


def institution_names(slugs: Sequence[str]) -> dict[str, LocalizedText]:
    """The names of institutions by slug."""
    query = select(Institution.slug, Institution.names).where(Institution.slug.in_(slugs))
    return {key: names for key, names in db.session.execute(query)}  # noqa: C416 rows are typed
