"""How the quota of an agreement's year is used: in all, by partner and by month, from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from ..access.agreements.models import Agreement
from ..access.agreements.use import Use, UseOfYear
from ..access.pots import PotUse
from ..booking.models import Booking
from ..foundation.database import db
from .ledger import account_balance, allocations_of, quotas_of, shares_of
from .models import MinutesEntry, UsageRecord
from .rules import Account, Quota


def use_of(agreement: Agreement, year: int) -> UseOfYear:
    """The quota in a calendar year (UTC): reserved time counts in the month of its booking, used time in that of its
    use.
    """
    quota = quotas_of([agreement.id], year)[agreement.id]
    rows = [(who, when.month, Use(int(r), int(u))) for who, when, r, u in _rows(agreement, year)]
    return UseOfYear(
        granted=quota.granted,
        carried=quota.carried,
        total=Use(quota.reserved, quota.used),
        partners=_sums((who, use) for who, _, use in rows if who is not None),
        months=_sums((month, use) for _, month, use in rows),
    )


def allocations_use(ids: Iterable[int]) -> dict[int, PotUse]:
    """The use of each allocation of a project."""
    return _as_use(allocations_of(ids))


def shares_use(ids: Iterable[int], year: int) -> dict[int, PotUse]:
    """The use of each share of a co-built facility in a calendar year."""
    return _as_use(shares_of(ids, year))


def _as_use(quotas: Mapping[int, Quota]) -> dict[int, PotUse]:
    return {key: PotUse(it.granted, it.reserved, it.used) for key, it in quotas.items()}


def _rows(agreement: Agreement, year: int) -> Iterable[Any]:
    when = func.coalesce(UsageRecord.started_at, Booking.starts_at)
    reserved, used = account_balance(Account.RESERVED), account_balance(Account.CONSUMED)
    return db.session.execute(
        select(MinutesEntry.institution_id, when, reserved, used)
        .join(Booking, Booking.id == MinutesEntry.booking_id)
        .outerjoin(UsageRecord, UsageRecord.id == MinutesEntry.usage_id)
        .where(MinutesEntry.agreement_id == agreement.id, MinutesEntry.year == year)
        .group_by(MinutesEntry.institution_id, when)
        .having((reserved != 0) | (used != 0))
    )


def _sums(parts: Iterable[tuple[int, Use]]) -> dict[int, Use]:
    found: dict[int, Use] = defaultdict(Use)
    for key, part in parts:
        so_far = found[key]
        found[key] = Use(so_far.reserved + part.reserved, so_far.used + part.used)
    return dict(sorted(found.items()))
