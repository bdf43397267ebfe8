"""What `verify-ledger` proves, and the sentences it prints where something does not hold.

1. Every usage record is charged: a line for its minutes, and for operator minutes and samples where there were
   any, in quantities equal to the record's.
2. Every charge line is the product of its quantity, rate and discount, rounded once.
3. Every line is in the money ledger as it is: the amount from its payer, the discount from the host's subsidy,
   both to the host's income; and nothing else is.
4. Every use under an agreement is consumed in the minutes ledger with its own minutes, of that agreement or of an
   allocation of its project or a share of its institution; a booking that is not confirmed or in use has nothing
   reserved; what is carried out of a year comes into the next; an allocation is granted what was decided.
5. Every statement is as it was issued (its digest), bills the lines it lists with the sums it shows, and its
   totals are theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from ..access.projects.models import ProjectAllocation
from ..access.shares.models import FacilityShare
from ..booking.models import Booking
from ..booking.rules import State
from ..catalogue.models import Instrument
from ..foundation.database import db
from .ledger import account_balance
from .models import ChargeLine, MinutesEntry, MoneyEntry, Statement, StatementLine, UsageRecord
from .rules import Account, EntryKind, Line, Unit, line_holds
from .snapshot import digest_of

_BATCH = 1000
_TRANSFER = (
    MoneyEntry.debit, MoneyEntry.debit_institution_id, MoneyEntry.credit,
    MoneyEntry.credit_institution_id, MoneyEntry.currency, MoneyEntry.amount_minor,
)  # fmt: skip
_FROZEN = (
    "unit", "quantity", "rate_minor", "gross_minor", "discount_percent", "discount_minor",
    "amount_minor",
)  # fmt: skip


def findings() -> Iterator[str]:
    """One sentence for each thing that does not hold, nothing where everything does."""
    yield from _uses_and_lines()
    yield from _money()
    yield from _minutes_consumed()
    yield from _minutes_reserved()
    yield from _minutes_carried()
    yield from _allocations_granted()
    yield from _statements()


def _uses_and_lines() -> Iterator[str]:
    records = db.session.scalars(
        select(UsageRecord)
        .options(selectinload(UsageRecord.lines))
        .order_by(UsageRecord.id)
        .execution_options(yield_per=_BATCH)
    )
    for record in records:
        if _quantities(record.lines) != _expected(record):
            yield f"usage {record.id}: its charge lines do not count what was used"
        for line in record.lines:
            if (
                not line_holds(_as_rule(line))
                or line.gross_minor - line.amount_minor != line.discount_minor
            ):
                yield f"usage {record.id}, line {line.place}: quantity, rate and discount do not make the amount"


def _expected(record: UsageRecord) -> dict[str, int]:
    counted = {
        Unit.INSTRUMENT_HOUR: record.minutes,
        Unit.OPERATOR_HOUR: record.operator_minutes,
        Unit.SAMPLE: record.samples,
    }
    return {unit: count for unit, count in counted.items() if count or unit is Unit.INSTRUMENT_HOUR}


def _quantities(lines: Iterable[ChargeLine]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for line in lines:
        found[line.unit] += line.quantity
    return dict(found)


def _as_rule(line: ChargeLine) -> Line:
    return Line(
        Unit(line.unit), line.quantity, line.rate_minor, line.gross_minor,
        line.discount_percent, line.amount_minor,
    )  # fmt: skip


def _money() -> Iterator[str]:
    booked: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for line_id, *transfer in db.session.execute(select(MoneyEntry.charge_line_id, *_TRANSFER)):
        booked[line_id].append(tuple(transfer))
    for line in db.session.scalars(select(ChargeLine).execution_options(yield_per=_BATCH)):
        if sorted(booked.pop(line.id, []), key=str) != sorted(_due(line), key=str):
            yield f"charge line {line.id}: the money ledger does not hold it as it is"
    for line_id in booked:
        yield f"charge line {line_id}: the money ledger has entries for a line that there is not"


def _due(line: ChargeLine) -> list[tuple[Any, ...]]:
    """The transfers that a charge line asks for."""
    income = ("income", line.host_id, line.currency)
    due = [
        ("payer", line.payer_id, *income, line.amount_minor),
        ("subsidy", line.host_id, *income, line.discount_minor),
    ]
    return [transfer for transfer in due if transfer[-1]]


def _minutes_consumed() -> Iterator[str]:
    consumed = _consumed()
    used: Iterable[Any] = db.session.execute(
        select(
            UsageRecord.id, UsageRecord.minutes, UsageRecord.institution_id,
            Booking.agreement_id, Booking.project_id, Instrument.facility_id,
        )
        .join(Booking, Booking.id == UsageRecord.booking_id)
        .join(Instrument, Instrument.id == UsageRecord.instrument_id)
        .where(UsageRecord.minutes > 0)
    )  # fmt: skip
    for usage, minutes, *about in used:
        pots = consumed.pop(usage, [])
        found, agreement = sum(each.minutes for each in pots), about[1]
        if found != minutes and (pots or agreement is not None):
            yield f"usage {usage}: {minutes} minutes were used, but {found} consumed of its agreement"
        if any(not each.may_be_of(*about) for each in pots):
            yield f"usage {usage}: its minutes were consumed of what is not its own"
    for other in consumed:
        yield f"usage {other}: minutes were consumed for it, which did not use them"


@dataclass(frozen=True, slots=True)
class _Consumed:
    """Minutes of a usage, and whose pot they were taken from."""

    minutes: int
    agreement_id: int | None
    project_id: int | None
    owner: tuple[int, int] | None  # of a share: its institution and facility

    def may_be_of(
        self, institution_id: int, agreement_id: int, project_id: int, facility_id: int
    ) -> bool:
        if self.owner is not None:
            return self.owner == (institution_id, facility_id)
        if self.project_id is not None:
            return self.project_id == project_id
        return self.agreement_id == agreement_id


def _consumed() -> dict[int | None, list[_Consumed]]:
    """What was consumed, by usage and pot."""
    pot = (
        MinutesEntry.usage_id, MinutesEntry.agreement_id, ProjectAllocation.project_id,
        FacilityShare.institution_id, FacilityShare.facility_id,
    )  # fmt: skip
    rows = db.session.execute(
        select(*pot, func.sum(MinutesEntry.minutes))
        .outerjoin(ProjectAllocation, ProjectAllocation.id == MinutesEntry.allocation_id)
        .outerjoin(FacilityShare, FacilityShare.id == MinutesEntry.share_id)
        .where(MinutesEntry.kind == EntryKind.CONSUME)
        .group_by(*pot)
    )
    found: dict[int | None, list[_Consumed]] = defaultdict(list)
    for usage, agreement, project, institution, facility, minutes in rows:
        owner = (institution, facility) if institution is not None else None
        found[usage].append(_Consumed(int(minutes), agreement, project, owner))
    return found


def _minutes_carried() -> Iterator[str]:
    """What one year handed on, the next has: no minute is lost between them or there twice."""
    carried = account_balance(Account.CARRIED)
    rows = db.session.execute(
        select(MinutesEntry.agreement_id, carried)
        .where(MinutesEntry.kind.in_([EntryKind.CARRY_OUT, EntryKind.CARRY_IN]))
        .group_by(MinutesEntry.agreement_id)
        .having(carried != 0)
    )
    for agreement, minutes in rows:
        yield f"agreement {agreement}: {minutes} minutes were carried out of a year and into none"


def _allocations_granted() -> Iterator[str]:
    granted = -account_balance(Account.GRANTED)
    rows = db.session.execute(
        select(ProjectAllocation.id, ProjectAllocation.minutes, granted)
        .outerjoin(MinutesEntry, MinutesEntry.allocation_id == ProjectAllocation.id)
        .group_by(ProjectAllocation.id, ProjectAllocation.minutes)
        .having(granted != ProjectAllocation.minutes)
    )
    for allocation, minutes, found in rows:
        yield f"allocation {allocation}: {minutes} minutes were decided, but {found} granted"


def _minutes_reserved() -> Iterator[str]:
    reserved = account_balance(Account.RESERVED)
    rows = db.session.execute(
        select(MinutesEntry.booking_id, Booking.reference, Booking.state, reserved)
        .join(Booking, Booking.id == MinutesEntry.booking_id)
        .group_by(MinutesEntry.booking_id, Booking.reference, Booking.state)
        .having(reserved != 0)
    )
    for _, reference, state, minutes in rows:
        if minutes < 0 or state not in (State.CONFIRMED, State.IN_USE):
            yield f"booking {reference}: {minutes} minutes are reserved while it is {state}"


def _statements() -> Iterator[str]:
    lines = {line.id: line for line in db.session.scalars(
        select(ChargeLine).join(StatementLine, StatementLine.charge_line_id == ChargeLine.id)
    )}  # fmt: skip
    billed: dict[int, list[int]] = defaultdict(list)
    for statement_id, line_id in db.session.execute(
        select(StatementLine.statement_id, StatementLine.charge_line_id)
    ):
        billed[statement_id].append(line_id)
    for statement in db.session.scalars(select(Statement).order_by(Statement.id)):
        for fault in _faults(statement, billed[statement.id], lines):
            yield f"statement {statement.number}: {fault}"


def _faults(statement: Statement, billed: list[int], lines: dict[int, ChargeLine]) -> Iterator[str]:
    frozen = statement.snapshot
    if digest_of(frozen) != statement.digest:
        yield "it was changed after it was issued"
    listed = {line["charge_line"]: line for line in frozen["lines"]}
    if sorted(listed) != sorted(billed):
        yield "it lists other lines than it bills"
    for line_id, line in listed.items():
        if line_id not in lines or any(line[n] != getattr(lines[line_id], n) for n in _FROZEN):
            yield f"its line {line_id} is not the charge line"
    if _totals(frozen["lines"]) != (statement.minutes, statement.total_minor):
        yield "its totals are not the sums of its lines"
    if (frozen["totals"]["minutes"], frozen["totals"]["amount_minor"]) != (
        statement.minutes,
        statement.total_minor,
    ):
        yield "it shows other totals than it has"


def _totals(lines: list[dict[str, Any]]) -> tuple[int, int]:
    minutes = sum(line["quantity"] for line in lines if line["unit"] == Unit.INSTRUMENT_HOUR)
    return minutes, sum(line["amount_minor"] for line in lines)
