"""The contribution report, summed up by the database: one query for each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, distinct, func, null, select
from sqlalchemy.orm import aliased

from ..access.training.models import Qualification
from ..accounting.models import ChargeLine, UsageRecord
from ..accounting.queries import usage_records
from ..booking.models import Booking
from ..booking.rules import State
from ..catalogue.models import Facility, Instrument, InstrumentField
from ..foundation.database import db
from ..foundation.interval import Interval
from ..identity.models import Institution
from .rules import Fees, Grouping, Reach, Requests, Row, Sums, year_of


@dataclass(frozen=True, slots=True)
class Contribution:
    """A year's report of one institution, or of everything that the reader may see."""

    year: int
    institution: Institution | None
    sums: Sums
    reach: Reach
    requests: Requests
    trained: int
    fees: Sequence[Fees]
    tables: Mapping[Grouping, Sequence[Row]]

    @property
    def window(self) -> Interval:
        return year_of(self.year)


def contribution_of(
    year: int, institution: Institution | None, within: ColumnElement[bool]
) -> Contribution:
    """The report over use `within` a condition on Instrument and Facility.

    For a host institution it tells what its instruments served; for one that is only a partner, what it used.
    """
    window = year_of(year)
    used = _used(window, institution, within)
    sums, reach = _totals(used)
    asked = _in_institution(_requests_in(window).where(within), institution, Booking.institution_id)
    trained = _in_institution(_trained_in(window).where(within), institution, None)
    return Contribution(
        year=year,
        institution=institution,
        sums=sums,
        reach=reach,
        requests=Requests(*db.session.execute(asked).one()),
        trained=db.session.scalar(trained) or 0,
        fees=_fees(used),
        tables={grouping: _table(used, grouping) for grouping in Grouping},
    )


def _used(
    window: Interval, institution: Institution | None, within: ColumnElement[bool]
) -> Select[Any]:
    query = usage_records().where(
        within, UsageRecord.started_at >= window.start, UsageRecord.started_at < window.end
    )
    return _in_institution(query, institution, UsageRecord.institution_id)


def _in_institution(query: Select[Any], institution: Institution | None, user: Any) -> Select[Any]:
    """Keep to what an institution hosted, or, where it hosts nothing, to what `user` names it for."""
    if institution is None:
        return query
    if institution.is_host or user is None:
        return query.where(Facility.host_id == institution.id)
    return query.where(user == institution.id)


def _sums() -> tuple[ColumnElement[Any], ...]:
    return (
        func.coalesce(func.sum(UsageRecord.minutes), 0),
        func.count(UsageRecord.id),
        func.count(distinct(Booking.applicant_id)),
        func.coalesce(func.sum(UsageRecord.operator_minutes), 0),
        func.coalesce(func.sum(UsageRecord.samples), 0),
    )


def _totals(used: Select[Any]) -> tuple[Sums, Reach]:
    host = aliased(Institution)
    to_partners = case((Institution.country != host.country, UsageRecord.minutes), else_=0)
    row = db.session.execute(
        used.join(host, host.id == Facility.host_id).with_only_columns(
            *_sums(),
            func.coalesce(func.sum(to_partners), 0),
            func.count(distinct(UsageRecord.institution_id)),
            func.count(distinct(Institution.country)),
            func.count(distinct(UsageRecord.instrument_id)),
        )
    ).one()
    whole = [int(value) for value in row]
    return Sums(*whole[:5]), Reach(*whole[5:])


def _table(used: Select[Any], grouping: Grouping) -> list[Row]:
    """The rows of a table, the most used first."""
    key, names, group = _COLUMNS[grouping]
    if grouping is Grouping.FIELD:
        used = used.join(InstrumentField, InstrumentField.instrument_id == Instrument.id)
    minutes, *rest = _sums()
    rows = db.session.execute(
        used.with_only_columns(key, names, minutes, *rest)
        .group_by(group)
        .order_by(minutes.desc(), key)
    )
    return [Row(code, told, Sums(*map(int, sums))) for code, told, *sums in rows]


def _fees(used: Select[Any]) -> list[Fees]:
    rows = db.session.execute(
        used.join(ChargeLine, ChargeLine.usage_id == UsageRecord.id)
        .with_only_columns(
            ChargeLine.currency,
            func.sum(ChargeLine.amount_minor),
            func.sum(ChargeLine.discount_minor),
        )
        .group_by(ChargeLine.currency)
        .order_by(ChargeLine.currency)
    )
    return [Fees(currency, int(charged), int(off)) for currency, charged, off in rows]


def _requests_in(window: Interval) -> Select[Any]:
    approved = (Booking.decided_at.is_not(None)) & (Booking.state.in_(_AFTER_APPROVAL))
    return (
        select(
            func.count(Booking.id),
            func.coalesce(func.sum(case((approved, 1), else_=0)), 0),
            func.coalesce(func.sum(case((Booking.state == State.REJECTED, 1), else_=0)), 0),
        )
        .join(Instrument, Instrument.id == Booking.instrument_id)
        .join(Facility, Facility.id == Instrument.facility_id)
        .where(Booking.submitted_at >= window.start, Booking.submitted_at < window.end)
    )


def _trained_in(window: Interval) -> Select[Any]:
    """People who were given a qualification in the year."""
    return (
        select(func.count(distinct(Qualification.person_id)))
        .join(Instrument, Instrument.id == Qualification.instrument_id)
        .join(Facility, Facility.id == Instrument.facility_id)
        .where(Qualification.issued_at >= window.start, Qualification.issued_at < window.end)
    )


_AFTER_APPROVAL = (
    State.CONFIRMED, State.IN_USE, State.COMPLETED, State.SETTLED, State.NO_SHOW, State.CANCELLED,
)  # fmt: skip
_NAMELESS = null()
#: Of each table: the key of a row, its names, and what its rows are grouped by.
_COLUMNS: dict[Grouping, tuple[Any, Any, Any]] = {
    Grouping.COUNTRY: (Institution.country, _NAMELESS, Institution.country),
    Grouping.INSTITUTION: (Institution.slug, Institution.names, Institution.id),
    Grouping.FIELD: (InstrumentField.field, _NAMELESS, InstrumentField.field),
    Grouping.MODE: (Booking.access_mode, _NAMELESS, Booking.access_mode),
    Grouping.INSTRUMENT: (Instrument.slug, Instrument.names, Instrument.id),
}
