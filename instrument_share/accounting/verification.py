"""What `verify-ledger` proves, and the sentences it prints where something does not hold.

1. Every usage record is charged: a line for its minutes, and for operator minutes and samples where there were
   any, in quantities equal to the record's.
2. Every charge line is the product of its quantity, rate and discount, rounded once.
3. Every line is in the money ledger as it is: the amount from its payer, the discount from the host's subsidy,
   both to the host's income; and nothing else is.
4. Every use under an agreement is consumed in the minutes ledger with its own minutes; a booking that is not
   confirmed or in use has nothing reserved; no account but the source and, after an overrun, the available one
   is below zero.
5. Every statement is as it was issued (its digest), bills the lines it lists with the sums it shows, and its
   totals are theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from ..booking.models import Booking
from ..booking.rules import State
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
    rows = db.session.execute(
        select(MinutesEntry.usage_id, MinutesEntry.agreement_id, func.sum(MinutesEntry.minutes))
        .where(MinutesEntry.kind == EntryKind.CONSUME)
        .group_by(MinutesEntry.usage_id, MinutesEntry.agreement_id)
    )
    consumed: dict[tuple[int | None, int | None], int] = {
        (usage, agreement): int(minutes) for usage, agreement, minutes in rows
    }
    used = db.session.execute(
        select(UsageRecord.id, Booking.agreement_id, UsageRecord.minutes)
        .join(Booking, Booking.id == UsageRecord.booking_id)
        .where(Booking.agreement_id.is_not(None), UsageRecord.minutes > 0)
    )
    for usage, agreement, minutes in used:
        found = consumed.pop((usage, agreement), 0)
        if found != minutes:
            yield f"usage {usage}: {minutes} minutes were used, but {found} consumed of its agreement"
    for other, agreement in consumed:
        yield f"agreement {agreement}: minutes were consumed for usage {other}, which did not use them"


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
