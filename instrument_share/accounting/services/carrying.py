"""What is left of an agreement's year goes on into the next, as its rule says: once, in the new year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, or_, select, update

from ...access.agreements.models import Agreement
from ...access.agreements.rules import CarryRule, carried_minutes
from ...access.rules import AgreementState
from ...foundation.chores import claimed
from ...foundation.database import db
from ...identity import audit
from ..ledger import QuotaYear, post_minutes, quotas_of
from ..rules import EntryKind
from .quotas import bring_grant


def due_to_carry(at: datetime, besides: Collection[int] = (), *, most: int = 200) -> Sequence[int]:
    """The active agreements (by id) whose last year has not been carried into this one."""
    query = select(Agreement.id).where(_is_due(at), Agreement.id.not_in(besides))
    return db.session.scalars(query.order_by(Agreement.id).limit(most)).all()


def carry_over(agreement_id: int, at: datetime) -> bool:
    """Take from last year what the rule lets go on, and give it to this one: two entries, one in each year.

    False where another worker is at it or has done it. A place in the database that holds one such entry for each
    agreement and year stands behind it.
    """
    agreement = claimed(select(Agreement).where(Agreement.id == agreement_id, _is_due(at)))
    if agreement is None:
        return False
    year = at.astimezone(UTC).year
    bring_grant(agreement, year, at)
    left = quotas_of([agreement.id], year - 1)[agreement.id].left
    minutes = carried_minutes(
        agreement.carry_rule, agreement.carry_amount, left, agreement.yearly_minutes
    )
    post_minutes(EntryKind.CARRY_OUT, QuotaYear(agreement.id, year - 1), minutes, at=at)
    post_minutes(EntryKind.CARRY_IN, QuotaYear(agreement.id, year), minutes, at=at)
    db.session.execute(  # whoever has the agreement's form open loses nothing: its version stays
        update(Agreement).where(Agreement.id == agreement.id).values(carried_year=year)
    )
    audit.record(
        "agreement.carried", "agreement", agreement.reference, by=None, at=at,
        year=year, minutes=minutes,
    )  # fmt: skip
    return True


def _is_due(at: datetime) -> ColumnElement[bool]:
    year = at.astimezone(UTC).year
    first = date(year, 1, 1)
    return (
        (Agreement.state == AgreementState.ACTIVE)
        & (Agreement.carry_rule != CarryRule.NONE)
        & (Agreement.valid_from < first)
        & (Agreement.valid_until >= first)
        & or_(Agreement.carried_year.is_(None), Agreement.carried_year < year)
    )
