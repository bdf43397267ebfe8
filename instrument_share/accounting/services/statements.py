"""A month is billed: one frozen statement for each institution that owes a host something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from ...booking.services import settle
from ...catalogue.models import Instrument
from ...foundation.clock import zone
from ...foundation.database import db
from ...foundation.errors import Forbidden
from ...foundation.interval import Interval
from ...foundation.localtime import midnight_of
from ...identity import audit
from ...identity.acting import actor_of
from ...identity.models import Institution, Person
from ..errors import NothingToBill, PeriodOpen
from ..models import ChargeLine, Statement, StatementLine, UsageRecord
from ..queries import hosts_billed_by, may_issue
from ..snapshot import digest_of, snapshot_of


@dataclass(frozen=True, slots=True)
class _Bill:
    """What one statement bills: a payer's lines at a host in one currency."""

    payer: Institution
    host: Institution
    currency: str


def issue_statements(
    period: str,
    *,
    by: Person,
    at: datetime,
    host: Institution | None = None,
    payer: Institution | None = None,
) -> list[Statement]:
    """Freeze a calendar month (`YYYY-MM`, in the host's zone) into statements and settle its bookings.

    Bills every charge line of use that began in the month and stands on no statement yet, at the host given or
    at every host that `by` may bill and where the month is over. Use recorded late is billed when the month is
    issued again. Raises Forbidden, PeriodOpen where the month is over at none of them, and NothingToBill.
    """
    hosts = [host] if host else hosts_billed_by(by)
    if not hosts or not all(may_issue(actor_of(by), each.id) for each in hosts):
        raise Forbidden()
    over = [each for each in hosts if month_at(each, period).end <= at]
    if not over:
        raise PeriodOpen(fields={"period": PeriodOpen.message})
    issued = [statement for each in over for statement in _issue_at(each, period, payer, by, at)]
    if not issued:
        raise NothingToBill()
    settle({line.charge_line.usage.booking_id for s in issued for line in s.lines}, by=by, at=at)
    return issued


def month_at(host: Institution, period: str) -> Interval:
    """The instants of a month `YYYY-MM` on the host's clock."""
    first = date.fromisoformat(f"{period}-01")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Interval(*(midnight_of(day, zone(host.time_zone)) for day in (first, following)))


def _issue_at(
    host: Institution, period: str, payer: Institution | None, by: Person, at: datetime
) -> list[Statement]:
    _take_turns_at(host)
    bills: dict[_Bill, list[ChargeLine]] = defaultdict(list)
    for line in _unbilled(host, month_at(host, period), payer):
        institution = line.usage.institution
        if institution is not None:
            bills[_Bill(institution, host, line.currency)].append(line)
    ordered = sorted(bills.items(), key=lambda entry: (entry[0].payer.slug, entry[0].currency))
    return [_issue(bill, lines, period, by, at) for bill, lines in ordered]


def _unbilled(
    host: Institution, month: Interval, payer: Institution | None
) -> Sequence[ChargeLine]:
    """Charge lines of use in the month that an institution pays and no statement bills, in order of time."""
    query = (
        select(ChargeLine)
        .join(ChargeLine.usage)
        .outerjoin(StatementLine, StatementLine.charge_line_id == ChargeLine.id)
        .where(
            ChargeLine.host_id == host.id,
            ChargeLine.payer_id.is_not(None) if payer is None else ChargeLine.payer_id == payer.id,
            StatementLine.charge_line_id.is_(None),
            UsageRecord.started_at >= month.start,
            UsageRecord.started_at < month.end,
        )
        .options(
            contains_eager(ChargeLine.usage).joinedload(UsageRecord.booking),
            contains_eager(ChargeLine.usage).joinedload(UsageRecord.institution),
            contains_eager(ChargeLine.usage)
            .joinedload(UsageRecord.instrument)
            .joinedload(Instrument.facility),
            joinedload(ChargeLine.agreement),
        )
        .order_by(UsageRecord.started_at, ChargeLine.usage_id, ChargeLine.place)
    )
    return db.session.scalars(query).all()


def _issue(
    bill: _Bill, lines: Iterable[ChargeLine], period: str, by: Person, at: datetime
) -> Statement:
    lines = list(lines)
    number = _next_number(bill.host, period)
    snapshot = snapshot_of(number, period, bill.host, bill.payer, lines, at)
    statement = Statement(
        number=number, payer=bill.payer, host=bill.host, period=period, currency=bill.currency,
        total_minor=snapshot["totals"]["amount_minor"], minutes=snapshot["totals"]["minutes"],
        issued_at=at, issued_by_id=by.id, snapshot=snapshot, digest=digest_of(snapshot),
        lines=[StatementLine(charge_line=line) for line in lines],
    )  # fmt: skip
    db.session.add(statement)
    db.session.flush()
    audit.record(
        "statement.issue", "statement", number, by=by.id, at=at,
        total_minor=statement.total_minor, currency=statement.currency, digest=statement.digest,
    )  # fmt: skip
    return statement


def _next_number(host: Institution, period: str) -> str:
    """`<host>-<YYYY-MM>-<0001…>`, counted per host and month."""
    issued = db.session.scalar(
        select(func.count(Statement.id)).where(
            Statement.host_id == host.id, Statement.period == period
        )
    )
    return f"{host.slug}-{period}-{(issued or 0) + 1:04}"


def _take_turns_at(host: Institution) -> None:
    """One issue at a time for a host, so that no line is billed twice and no number given twice."""
    db.session.execute(
        select(Institution.id).where(Institution.id == host.id).with_for_update(key_share=True)
    )
