"""Whatever happens to bookings, in whatever order, the ledgers keep their laws."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from instrument_share.accounting.errors import QuotaExhausted
from instrument_share.accounting.ledger import account_balance, quotas_of
from instrument_share.accounting.models import MoneyEntry
from instrument_share.accounting.rules import Account
from instrument_share.accounting.verification import findings
from instrument_share.booking import services as bookings
from instrument_share.booking.values import FinishedUse

from ..support.builders import AT
from .story import START, begin

steps = st.lists(
    st.tuples(
        st.sampled_from(["cancel", "no_show", "use", "keep"]),
        st.integers(1, 8),  # half hours asked for
        st.integers(1, 240),  # minutes used at most
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture
def story(session):
    return begin(yearly_minutes=480, discounts={"on_site": 33}, instrument_hour_minor=777)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_sums_are_zero_and_quotas_never_fall_below_it(story, session, steps):
    kept = 0
    for day, (what, half_hours, minutes) in enumerate(steps):
        kept += _take(story, session, day, what, half_hours, minutes)
    quota = quotas_of([story.agreement.id], 2026)[story.agreement.id]
    balances = session.execute(select(*(account_balance(account) for account in Account))).one()
    assert sum(balances) == 0
    assert quota.left >= 0
    assert quota.used + quota.reserved == kept
    assert (session.scalar(select(func.min(MoneyEntry.amount_minor))) or 1) > 0
    assert list(findings()) == []
    session.rollback()


def _take(story, session, day, what, half_hours, minutes) -> int:
    """Do one thing with a new booking; the minutes that it keeps of the quota."""
    start = START + timedelta(days=day)
    asked = half_hours * 30
    try:
        with session.begin_nested():
            booking = story.confirmed(start, hours=half_hours / 2)
    except QuotaExhausted:
        return 0
    if what == "keep":
        return asked
    if what == "cancel":
        bookings.cancel(booking.reference, by=story.researcher, at=AT, version=None)
        return 0
    if what == "no_show":
        bookings.mark_no_show(booking.reference, by=story.manager, at=start, version=None)
        return 0
    used = min(minutes, asked)
    end = start + timedelta(minutes=used)
    bookings.start(booking.reference, by=story.manager, at=start, version=None)
    bookings.finish(
        booking.reference, by=story.manager, at=end, version=None, use=FinishedUse(start, end)
    )
    return used
