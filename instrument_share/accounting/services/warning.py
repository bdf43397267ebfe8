"""People are told when 80 and 100 percent of a quota are reserved or used: once for each of them and each year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from ...access.agreements.models import Agreement, AgreementPartner
from ...access.agreements.rules import thresholds_passed
from ...access.rules import AgreementState
from ...foundation.chores import claimed
from ...foundation.database import db
from ...foundation.signals import quota_near
from ...foundation.upsert import insert_into
from ..ledger import account_balance
from ..models import MinutesEntry, QuotaNotice
from ..rules import Account

#: Stands for the whole agreement where a partner's id is asked for.
WHOLE = 0


@dataclass(frozen=True, slots=True)
class Passed:
    """A quota of which `percent` are gone: an agreement's, or a partner's own ceiling within it."""

    agreement_id: int
    year: int
    partner_id: int
    percent: int
    taken: int
    most: int


def due_to_warn(at: datetime, besides: Collection[int] = ()) -> Sequence[int]:
    """The agreements (by id) of which people are to be told."""
    return sorted({each.agreement_id for each in _untold(at)} - set(besides))


def warn(agreement_id: int, at: datetime) -> bool:
    """Tell of the highest of the marks that were newly passed; the lower ones count as told, too.

    False where another worker is at it or has done it. A mark is written down once, whoever writes it.
    """
    agreement = claimed(select(Agreement).where(Agreement.id == agreement_id))
    if agreement is None:
        return False
    highest: dict[tuple[int, int], Passed] = {}
    for each in _untold(at, agreement_id):
        if _note(each, at):
            highest[each.year, each.partner_id] = each
    for each in highest.values():
        quota_near.send(agreement, passed=each, at=at)
    return bool(highest)


def _untold(at: datetime, agreement_id: int | None = None) -> Iterator[Passed]:
    """What was passed in this year's quotas and the next one's and is not told, the lower marks first."""
    this = at.astimezone(UTC).year
    told = {
        tuple(row)
        for row in db.session.execute(
            select(
                QuotaNotice.agreement_id,
                QuotaNotice.year,
                QuotaNotice.partner_id,
                QuotaNotice.percent,
            ).where(QuotaNotice.year >= this)
        )
    }
    for key, year, partner, taken, most in (
        *_whole(this, agreement_id),
        *_parts(this, agreement_id),
    ):
        for percent in thresholds_passed(taken, most):
            if (key, year, partner, percent) not in told:
                yield Passed(key, year, partner, percent, taken, most)


def _whole(this: int, agreement_id: int | None) -> Iterator[tuple[int, int, int, int, int]]:
    most = -account_balance(Account.GRANTED) - account_balance(Account.CARRIED)
    rows: Iterable[Any] = db.session.execute(
        select(MinutesEntry.agreement_id, MinutesEntry.year, _TAKEN, most)
        .join(Agreement, Agreement.id == MinutesEntry.agreement_id)
        .where(*_within(this, agreement_id))
        .group_by(MinutesEntry.agreement_id, MinutesEntry.year)
    )
    for key, year, taken, granted in rows:
        yield key, year, WHOLE, int(taken), int(granted)


def _parts(this: int, agreement_id: int | None) -> Iterator[tuple[int, int, int, int, int]]:
    ceiling = AgreementPartner.yearly_minutes
    rows: Iterable[Any] = db.session.execute(
        select(
            MinutesEntry.agreement_id,
            MinutesEntry.year,
            MinutesEntry.institution_id,
            _TAKEN,
            ceiling,
        )
        .join(Agreement, Agreement.id == MinutesEntry.agreement_id)
        .join(
            AgreementPartner,
            (AgreementPartner.agreement_id == Agreement.id)
            & (AgreementPartner.institution_id == MinutesEntry.institution_id),
        )
        .where(*_within(this, agreement_id), ceiling.is_not(None))
        .group_by(
            MinutesEntry.agreement_id, MinutesEntry.year, MinutesEntry.institution_id, ceiling
        )
    )
    for key, year, partner, taken, most in rows:
        yield key, year, partner, int(taken), int(most)


def _within(this: int, agreement_id: int | None) -> list[Any]:
    conditions = [MinutesEntry.year >= this, Agreement.state == AgreementState.ACTIVE]
    if agreement_id is not None:
        conditions.append(Agreement.id == agreement_id)
    return conditions


def _note(passed: Passed, at: datetime) -> bool:
    """Write the mark down; False where it is written already."""
    row = insert_into(QuotaNotice).values(
        agreement_id=passed.agreement_id,
        year=passed.year,
        partner_id=passed.partner_id,
        percent=passed.percent,
        told_at=at,
    )
    done = db.session.execute(row.on_conflict_do_nothing().returning(QuotaNotice.percent))
    return done.first() is not None


_TAKEN = account_balance(Account.RESERVED) + account_balance(Account.CONSUMED)
