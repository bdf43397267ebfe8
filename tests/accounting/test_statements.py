"""A month is billed: who may, what is on a statement, and that it never changes afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from instrument_share.accounting import services
from instrument_share.accounting.errors import NothingToBill, PeriodOpen
from instrument_share.accounting.models import Statement
from instrument_share.accounting.queries import statement_for, statements_of
from instrument_share.accounting.snapshot import digest_of
from instrument_share.foundation.errors import Forbidden, NotFound
from instrument_share.identity.rules import Role, Scope

from ..support.builders import grant, make_host, make_institution, make_person
from .story import begin

MARCH = datetime(2026, 3, 10, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, tzinfo=UTC)


@pytest.fixture
def story(session):
    return begin(discounts={"on_site": 50})


def issue(story, period="2026-03", at=APRIL, **which):
    return services.issue_statements(period, by=story.programme, at=at, **which)


def test_a_statement_bills_the_months_lines_and_settles_their_bookings(story, session):
    first, second = story.used(MARCH), story.used(MARCH + timedelta(days=1), minutes=90, samples=2)
    (statement,) = issue(story)
    assert statement.number == "east-2026-03-0001"
    assert (statement.payer, statement.host) == (story.partner, story.host)
    assert (statement.minutes, statement.total_minor) == (330, 120_000 + 45_000 + 5_000)
    assert [line["booking"] for line in statement.snapshot["lines"]] == [
        first.reference, second.reference, second.reference,
    ]  # fmt: skip
    assert {first.state, second.state} == {"settled"}
    assert statement.digest == digest_of(statement.snapshot)


def test_the_month_is_the_hosts(story):
    march = story.used(datetime(2026, 3, 31, 15, 30, tzinfo=UTC), hours=0.5)  # 23:30 in Shanghai
    story.used(datetime(2026, 3, 31, 16, tzinfo=UTC), hours=0.5)  # 1 April there
    (statement,) = issue(story)
    assert [line["booking"] for line in statement.snapshot["lines"]] == [march.reference]


def test_a_month_that_is_not_over_at_the_host_is_not_billed(story):
    story.used(MARCH)
    with pytest.raises(PeriodOpen):
        issue(story, at=datetime(2026, 3, 31, 15, 59, tzinfo=UTC))
    assert issue(story, at=datetime(2026, 3, 31, 16, tzinfo=UTC))


def test_a_host_where_the_month_lasts_longer_does_not_hold_up_the_others(story):
    story.used(MARCH)
    west = make_host(slug="west", time_zone="America/Lima", country="PE")
    midnight_in_shanghai = datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert [it.host for it in issue(story, at=midnight_in_shanghai)] == [story.host]
    with pytest.raises(PeriodOpen):
        issue(story, at=midnight_in_shanghai, host=west)


def test_nothing_is_billed_twice_and_late_use_comes_on_the_next_number(story):
    story.used(MARCH)
    issue(story)
    with pytest.raises(NothingToBill):
        issue(story)
    late = story.used(MARCH + timedelta(days=2))
    (second,) = issue(story)
    assert second.number == "east-2026-03-0002"
    assert [line["booking"] for line in second.snapshot["lines"]] == [late.reference]


def test_each_institution_gets_its_own(story, session):
    other = make_institution(slug="zagreb", country="HR")
    story.used(MARCH)
    story.researcher.institution = other
    session.flush()
    story.used(MARCH + timedelta(days=1), agreement=None)
    statements = issue(story)
    assert [(it.payer.slug, it.number) for it in statements] == [
        ("almaty", "east-2026-03-0001"), ("zagreb", "east-2026-03-0002"),
    ]  # fmt: skip


def test_one_payer_or_one_host_can_be_billed_alone(story):
    story.used(MARCH)
    with pytest.raises(NothingToBill):
        issue(story, host=make_host())
    with pytest.raises(NothingToBill):
        issue(story, payer=make_institution())
    assert len(issue(story, host=story.host, payer=story.partner)) == 1


def test_only_those_who_answer_for_the_whole_host_issue(story):
    story.used(MARCH)
    other = make_person()
    grant(other, Role.FACILITY_MANAGER, Scope("institution", make_host().id))
    for person in (story.researcher, story.liaison, story.manager, story.office, other):
        with pytest.raises(Forbidden):
            services.issue_statements("2026-03", by=person, at=APRIL, host=story.host)
    grant(story.manager, Role.FACILITY_MANAGER, Scope("institution", story.host.id))


def test_a_statement_is_seen_by_host_and_payer_alone(story):
    story.used(MARCH)
    (statement,) = issue(story)
    stranger = make_person(make_institution())
    grant(stranger, Role.LIAISON, Scope("institution", stranger.institution_id))
    for person in (story.manager, story.office, story.liaison, story.programme):
        assert statement_for(person, statement.number) is statement
        assert statements_of(person).total == 1
    for person in (story.researcher, stranger):
        assert statements_of(person).total == 0
        with pytest.raises(NotFound):
            statement_for(person, statement.number)


def test_a_statement_stays_as_it_was_issued_whatever_changes(story, session):
    story.used(MARCH)
    (statement,) = issue(story)
    before = dict(statement.snapshot)
    story.partner.names = {"en": "Renamed"}
    story.instrument.names = {"en": "Renamed too"}
    session.commit()
    session.expire_all()
    found = session.get(Statement, statement.id)
    assert found.snapshot == before
    assert digest_of(found.snapshot) == found.digest
