"""Reading use, quotas and statements, each within what the person may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from ..access.agreements.models import Agreement
from ..access.agreements.queries import agreements_of
from ..booking.models import Booking
from ..catalogue.models import Facility, Instrument, InstrumentField
from ..foundation.database import db
from ..foundation.errors import NotFound
from ..foundation.http.paging import Page
from ..identity.acting import actor_of
from ..identity.models import Institution, Person
from ..identity.rules import Actor, InstitutionKind, Permission, Scope, may, subject
from .ledger import quotas_of
from .models import ChargeLine, Statement, UsageRecord
from .rules import Quota
from .visibility import statements_seen_by, usage_seen_by, usage_served_by


@dataclass(frozen=True, slots=True)
class UsageFilter:
    """Which use a list shows; None leaves a question open. `[since, until)` is about when it began.

    `served` keeps to use of instruments that the person answers for: the rows behind a report's figures.
    """

    since: datetime | None = None
    until: datetime | None = None
    booking: str | None = None
    instrument: str | None = None
    host: str | None = None
    institution: str | None = None
    country: str | None = None
    field: str | None = None
    mode: str | None = None
    served: bool = False


@dataclass(frozen=True, slots=True)
class AgreementQuota:
    """The quota of an agreement in a calendar year (UTC)."""

    agreement: Agreement
    year: int
    quota: Quota


def usage_of(
    person: Person, which: UsageFilter, page: int = 1, page_size: int = 50
) -> tuple[Page[UsageRecord], int]:
    """The use that the person may see, the latest first, and the minutes of all of it."""
    matching = _usage(person, which)
    count, minutes = db.session.execute(
        matching.with_only_columns(
            func.count(UsageRecord.id), func.coalesce(func.sum(UsageRecord.minutes), 0)
        )
    ).one()
    rows = db.session.scalars(
        matching.options(*_WITH_CHARGES)
        .order_by(UsageRecord.started_at.desc(), UsageRecord.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Page(rows.all(), count, page, page_size), int(minutes)


def usage_records() -> Select[UsageRecord]:
    """Usage joined with Booking, Instrument, Facility and, where there is one, the Institution that used it."""
    return (
        select(UsageRecord)
        .select_from(UsageRecord)
        .join(Booking, Booking.id == UsageRecord.booking_id)
        .join(Instrument, Instrument.id == UsageRecord.instrument_id)
        .join(Facility, Facility.id == Instrument.facility_id)
        .outerjoin(Institution, Institution.id == UsageRecord.institution_id)
    )


def all_usage() -> Sequence[UsageRecord]:
    """Every usage record with its charge, the oldest first: for the operator's export."""
    ordered = usage_records().options(*_WITH_CHARGES).order_by(UsageRecord.id)
    return db.session.scalars(ordered).all()


def quotas_for(person: Person, year: int, agreement: str | None = None) -> list[AgreementQuota]:
    """The quotas of the agreements that the person may see, in a calendar year."""
    seen = agreements_of(person, parties=False)
    agreements = [each for each in seen if agreement in (None, each.reference)]
    quotas = quotas_of([each.id for each in agreements], year)
    return [AgreementQuota(each, year, quotas[each.id]) for each in agreements]


def statements_of(
    person: Person,
    period: str | None = None,
    page: int = 1,
    page_size: int = 50,
    *,
    institution: str | None = None,
) -> Page[Statement]:
    """The statements that the person may see, the latest first: of a month, billed to an institution (its slug)."""
    matching = select(Statement).where(statements_seen_by(person))
    if period:
        matching = matching.where(Statement.period == period)
    if institution:
        matching = matching.where(Statement.payer.has(slug=institution))
    total = db.session.scalar(matching.with_only_columns(func.count(Statement.id))) or 0
    rows = db.session.scalars(
        matching.options(joinedload(Statement.payer), joinedload(Statement.host))
        .order_by(Statement.issued_at.desc(), Statement.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return Page(rows.all(), total, page, page_size)


def payers_seen_by(person: Person) -> Sequence[Institution]:
    """The institutions that were billed by statements which the person may see, by slug."""
    billed = select(Statement.payer_id).where(statements_seen_by(person))
    return db.session.scalars(
        select(Institution).where(Institution.id.in_(billed)).order_by(Institution.slug)
    ).all()


def statement_for(person: Person, number: str) -> Statement:
    """The statement, when the person may see it. Raises NotFound."""
    found = db.session.scalar(
        select(Statement)
        .where(Statement.number == number, statements_seen_by(person))
        .options(joinedload(Statement.payer), joinedload(Statement.host))
    )
    if found is None:
        raise NotFound()
    return found


def may_issue(actor: Actor, host_id: int) -> bool:
    """Whether statements of a host institution may be issued: by whoever answers for the whole of it."""
    return may(actor, Permission.ISSUE_STATEMENT, subject(host=(Scope("institution", host_id),)))


def hosts_billed_by(person: Person) -> list[Institution]:
    """The host institutions whose statements the person may issue, by slug."""
    hosts = db.session.scalars(
        select(Institution)
        .where(Institution.kind != InstitutionKind.PARTNER)
        .order_by(Institution.slug)
    )
    actor = actor_of(person)
    return [host for host in hosts if may_issue(actor, host.id)]


def _usage(person: Person, which: UsageFilter) -> Select[UsageRecord]:
    seen = usage_served_by(person, Permission.SEE_USAGE) if which.served else usage_seen_by(person)
    return usage_records().where(seen, *_fitting(which))


def _fitting(which: UsageFilter) -> list[ColumnElement[bool]]:
    asked = {name: getattr(which, name) for name in _CONDITIONS}
    return [_CONDITIONS[name](value) for name, value in asked.items() if value is not None]


def _serves(field: str) -> ColumnElement[bool]:
    """The instrument serves a research field; one that serves several counts in each."""
    return exists(
        select(InstrumentField.instrument_id).where(
            InstrumentField.instrument_id == UsageRecord.instrument_id,
            InstrumentField.field == field,
        )
    )


def _is_hosted_by(slug: str) -> ColumnElement[bool]:
    host = select(Institution.id).where(Institution.slug == slug).scalar_subquery()
    return Facility.host_id == host


_CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "since": lambda moment: UsageRecord.started_at >= moment,
    "until": lambda moment: UsageRecord.started_at < moment,
    "booking": lambda reference: Booking.reference == reference,
    "instrument": lambda slug: Instrument.slug == slug,
    "host": _is_hosted_by,
    "institution": lambda slug: Institution.slug == slug,
    "country": lambda code: Institution.country == code,
    "field": _serves,
    "mode": lambda mode: Booking.access_mode == mode,
}

_WITH_CHARGES = (
    joinedload(UsageRecord.booking),
    joinedload(UsageRecord.instrument).joinedload(Instrument.facility),
    joinedload(UsageRecord.institution),
    selectinload(UsageRecord.lines).joinedload(ChargeLine.agreement),
)
