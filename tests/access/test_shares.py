"""Shares of co-built facilities: who sets them, what they are worth, and who draws on them first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from instrument_share.access.projects.services import allocate
from instrument_share.access.projects.values import AllocationDraft
from instrument_share.access.shares import services
from instrument_share.access.shares.models import FacilityShare
from instrument_share.access.shares.rules import fits, minutes_of
from instrument_share.accounting.errors import QuotaExhausted
from instrument_share.accounting.ledger import account_balance, quotas_of, shares_of
from instrument_share.accounting.models import MinutesEntry
from instrument_share.accounting.rules import Account, Quota
from instrument_share.accounting.services.carrying import carry_over
from instrument_share.accounting.services.shares import due_shares, renew_share
from instrument_share.accounting.verification import findings
from instrument_share.booking import services as bookings
from instrument_share.booking.values import FinishedUse
from instrument_share.foundation.database import db
from instrument_share.foundation.errors import Forbidden, InvalidInput
from instrument_share.foundation.interval import Interval
from instrument_share.identity.models import Person

from ..accounting.story import START, begin
from ..support.builders import ALWAYS, AT, make_closure, make_project
from ..support.signing import sign_in

YEAR = 365 * 24 * 60


@pytest.fixture
def story(session):
    return begin()


def set_share(story, percent: int) -> FacilityShare:
    owners = {story.partner.slug: percent}
    services.set_shares(story.facility.slug, owners, by=story.office, at=AT)
    query = select(FacilityShare).where(FacilityShare.facility_id == story.facility.id)
    return db.session.scalars(query).one()


def quota_of(share, year=2026) -> Quota:
    return shares_of([share.id], year)[share.id]


def test_shares_are_at_most_the_whole() -> None:
    assert [fits(each) for each in ([], [100], [60, 40], [60, 41], [-1])] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert minutes_of(33, 1000) == 330


def test_a_share_is_worth_its_percent_of_the_open_hours(story, session) -> None:
    make_closure(story.instrument, _days(10, 20))
    share = set_share(story, 10)
    assert story.facility.shared
    assert [each.slug for each in story.facility.co_builders] == [story.partner.slug]
    assert quota_of(share) == Quota((YEAR - 10 * 24 * 60) // 10)
    assert quota_of(share, 2027) == Quota(YEAR // 10)
    set_share(story, 5)
    assert quota_of(share, 2027) == Quota(YEAR * 5 // 100)
    new_year = datetime(2027, 1, 1, 1, tzinfo=UTC)
    assert due_shares(AT) == []
    assert due_shares(new_year) == [share.id]
    assert renew_share(share.id, new_year)
    assert not renew_share(share.id, new_year)
    assert quota_of(share, 2028) == Quota(366 * 24 * 60 * 5 // 100)
    set_share(story, 0)
    assert not story.facility.shared


def _days(first: int, last: int):
    return Interval(datetime(2026, 4, first, tzinfo=UTC), datetime(2026, 4, last, tzinfo=UTC))


def test_the_institutions_people_draw_on_it_first(story, session) -> None:
    story.instrument.opening = {"tue": ["00:00-24:00"]}  # 52 Tuesdays
    share = set_share(story, 1)
    assert quota_of(share).granted == 748
    story.confirmed(hours=6)
    story.used(START + timedelta(days=7), hours=6, minutes=300)
    assert quota_of(share) == Quota(748, 360, 300)
    story.confirmed(START + timedelta(days=14), hours=2)  # does not fit into what is left
    assert quota_of(share) == Quota(748, 360, 300)
    assert quotas_of([story.agreement.id], 2026)[story.agreement.id].reserved == 120
    with pytest.raises(InvalidInput):
        set_share(story, 0)
    session.rollback()
    assert list(findings()) == []


def test_only_the_host_sets_shares_and_the_page_keeps_what_was_typed(story, client) -> None:
    address = f"/facilities/{story.facility.slug}/shares"
    for person in (story.manager, story.liaison):
        with pytest.raises(Forbidden):
            services.set_shares(story.facility.slug, {}, by=person, at=AT)
        sign_in(client, person)
        assert client.get(address).status_code == 403
        assert "Set the shares" not in client.get(f"/facilities/{story.facility.slug}").text
    sign_in(client, story.office)
    wrong = {"institution": [story.partner.slug, story.host.slug], "percent": ["60", "41"]}
    refused = client.post(address, data=wrong)
    assert refused.status_code == 422
    assert 'value="41"' in refused.text
    assert client.post(address, data=wrong | {"percent": ["60", "40"]}).status_code == 302
    assert "60%" in client.get(f"/facilities/{story.facility.slug}").text
    sign_in(client, story.liaison)
    assert "60%" in client.get(f"/agreements/{story.agreement.reference}").text
    assert "Used:" not in client.get(f"/facilities/{story.facility.slug}").text


moves = st.lists(
    st.tuples(
        st.sampled_from(["keep", "cancel", "use", "carry"]),
        st.integers(1, 8),
        st.booleans(),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_no_sequence_takes_a_balance_below_zero(story, session, moves) -> None:
    """Three pots beside each other: the agreement's years, a project's allocation and a share."""
    story.agreement.yearly_minutes = 480
    story.agreement.carry_rule, story.agreement.carry_amount = "hours", 300
    story.instrument.opening = {"tue": ["00:00-24:00"]}
    set_share(story, 1)
    story.instrument.opening = ALWAYS
    project = make_project(story.researcher)
    period = (START.date(), START.date() + timedelta(days=9))
    allocate(
        project.reference, AllocationDraft(300, *period, story.facility.slug),
        by=story.manager, at=AT,
    )  # fmt: skip
    for day, (what, half_hours, for_project) in enumerate(moves):
        values = {"project": project.reference} if for_project else {}
        _move(story, session, START + timedelta(days=day), what, half_hours, values)
    pots = (
        MinutesEntry.agreement_id, MinutesEntry.allocation_id, MinutesEntry.share_id,
        MinutesEntry.year,
    )  # fmt: skip
    kept = (Account.AVAILABLE, Account.RESERVED, Account.CONSUMED)
    for row in session.execute(
        select(
            *(account_balance(account) for account in Account), *map(account_balance, kept)
        ).group_by(*pots)
    ):
        assert sum(row[: len(Account)]) == 0
        assert min(row[len(Account) :]) >= 0
    assert list(findings()) == []
    session.rollback()


def _move(story, session, start, what, half_hours, values) -> None:
    if what == "carry":
        carry_over(story.agreement.id, datetime(2027, 1, 1, 1, tzinfo=UTC))
        return
    try:
        with session.begin_nested():
            booking = story.confirmed(start, hours=half_hours / 2, **values)
    except QuotaExhausted:
        return
    who: Person = story.researcher
    if what == "cancel":
        bookings.cancel(booking.reference, by=who, at=AT, version=None)
    elif what == "use":
        end = start + timedelta(minutes=17)
        bookings.start(booking.reference, by=story.manager, at=start, version=None)
        use = FinishedUse(start, end)
        bookings.finish(booking.reference, by=story.manager, at=end, version=None, use=use)
