"""The two append-only ledgers: transfers are posted, balances are sums, nothing is ever changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.exc import DBAPIError

from ..foundation.database import db
from .errors import QuotaExhausted
from .models import ChargeLine, MinutesEntry, MoneyEntry
from .rules import TRANSFERS, Account, EntryKind, Quota


@dataclass(frozen=True, slots=True)
class QuotaYear:
    """A pot of minutes in a calendar year (UTC), used by an institution (None for the whole).

    The pot is an agreement's quota, a project's allocation (whose year is that of its first day) or an institution's
    share of a facility.
    """

    agreement_id: int | None
    year: int
    institution_id: int | None = None
    allocation_id: int | None = None
    share_id: int | None = None


def post_minutes(
    kind: EntryKind,
    quota: QuotaYear,
    minutes: int,
    *,
    at: datetime,
    booking_id: int | None = None,
    usage_id: int | None = None,
) -> None:
    """Move minutes between two accounts; moving none posts nothing.

    Raises QuotaExhausted where the database refuses a reservation beyond the quota.
    """
    if not minutes:
        return
    debit, credit = TRANSFERS[kind]
    entry = MinutesEntry(
        kind=kind, debit=debit, credit=credit, minutes=minutes, at=at,
        agreement_id=quota.agreement_id, allocation_id=quota.allocation_id, share_id=quota.share_id,
        year=quota.year, institution_id=quota.institution_id,
        booking_id=booking_id, usage_id=usage_id,
    )  # fmt: skip
    db.session.add(entry)
    try:
        db.session.flush()
    except DBAPIError as error:
        if "quota_exhausted" in str(error.orig):
            raise QuotaExhausted() from error
        raise


def quotas_of(agreement_ids: Iterable[int], year: int) -> dict[int, Quota]:
    """The quota of each agreement in a calendar year; one without entries has an empty quota."""
    wanted = list(agreement_ids)
    rows = db.session.execute(
        select(MinutesEntry.agreement_id, *_SUMS)
        .where(MinutesEntry.agreement_id.in_(wanted), MinutesEntry.year == year)
        .group_by(MinutesEntry.agreement_id)
    )
    found = {key: Quota(*map(int, sums)) for key, *sums in rows}
    return {key: found.get(key, Quota()) for key in wanted}


def allocations_of(allocation_ids: Iterable[int]) -> dict[int, Quota]:
    """The quota of each allocation of a project, over the whole of its period."""
    return _pots(MinutesEntry.allocation_id, allocation_ids)


def shares_of(share_ids: Iterable[int], year: int) -> dict[int, Quota]:
    """The quota of each share of a co-built facility in a calendar year."""
    return _pots(MinutesEntry.share_id, share_ids, MinutesEntry.year == year)


def _pots(column: Any, keys: Iterable[int], *conditions: ColumnElement[bool]) -> dict[int, Quota]:
    wanted = list(keys)
    rows = db.session.execute(
        select(column, *_SUMS).where(column.in_(wanted), *conditions).group_by(column)
    )
    found = {key: Quota(*map(int, sums)) for key, *sums in rows}
    return {key: found.get(key, Quota()) for key in wanted}


def minutes_left_of(agreement_ids: Sequence[int], year: int) -> dict[int, int]:
    """Minutes that can still be reserved, for the agreements that were granted any in that year."""
    quotas = quotas_of(agreement_ids, year)
    return {key: quota.left for key, quota in quotas.items() if quota.granted}


def taken_by(quota: QuotaYear) -> int:
    """Minutes that an institution has reserved or used of an agreement's year."""
    total = db.session.scalar(
        select(account_balance(Account.RESERVED) + account_balance(Account.CONSUMED)).where(
            MinutesEntry.agreement_id == quota.agreement_id,
            MinutesEntry.year == quota.year,
            MinutesEntry.institution_id == quota.institution_id,
        )
    )
    return int(total or 0)


def reserved_for(booking_id: int) -> dict[QuotaYear, int]:
    """Minutes that are still reserved for a booking, by the quota they came from."""
    pot: tuple[Any, ...] = (
        MinutesEntry.agreement_id, MinutesEntry.year, MinutesEntry.institution_id,
        MinutesEntry.allocation_id, MinutesEntry.share_id,
    )  # fmt: skip
    rows = db.session.execute(
        select(*pot, account_balance(Account.RESERVED))
        .where(MinutesEntry.booking_id == booking_id)
        .group_by(*pot)
    )
    return {QuotaYear(*key): int(minutes) for *key, minutes in rows if minutes}


def post_charge(line: ChargeLine, *, at: datetime) -> None:
    """Book a charge line: the payer owes the amount, the host's subsidy bears the discount, its income gets both."""
    if line.amount_minor:
        db.session.add(_money("charge", "payer", line.payer_id, line, line.amount_minor, at))
    if line.discount_minor:
        db.session.add(_money("subsidy", "subsidy", line.host_id, line, line.discount_minor, at))


def _money(
    kind: str, debit: str, debited: int | None, line: ChargeLine, amount: int, at: datetime
) -> MoneyEntry:
    return MoneyEntry(
        kind=kind, at=at, debit=debit, debit_institution_id=debited,
        credit="income", credit_institution_id=line.host_id,
        currency=line.currency, amount_minor=amount, charge_line_id=line.id,
    )  # fmt: skip


def account_balance(account: Account) -> ColumnElement[int]:
    """What came into an account less what went out of it."""
    signed = case(
        (MinutesEntry.credit == account, MinutesEntry.minutes),
        (MinutesEntry.debit == account, -MinutesEntry.minutes),
        else_=0,
    )
    return func.coalesce(func.sum(signed), 0)


#: What a Quota is made of, in the order of its fields.
_SUMS = (
    -account_balance(Account.GRANTED),
    account_balance(Account.RESERVED),
    account_balance(Account.CONSUMED),
    -account_balance(Account.CARRIED),
)
