"""Agreements in full: countries, single instruments, changes, renewals, carry-over, warnings, and their pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from instrument_share.access.agreements import queries, services, usable
from instrument_share.access.agreements.forms import draft_from, typed, values_of
from instrument_share.access.agreements.models import Agreement
from instrument_share.access.agreements.rules import (
    CarryRule,
    carried_minutes,
    forecast,
    thresholds_passed,
)
from instrument_share.access.errors import WrongAgreementState
from instrument_share.access.reserved import standings_of
from instrument_share.accounting.chores import CHORES
from instrument_share.accounting.ledger import quotas_of
from instrument_share.accounting.models import MinutesEntry
from instrument_share.accounting.verification import findings
from instrument_share.foundation.chores import Shift
from instrument_share.foundation.errors import Forbidden, InvalidInput
from instrument_share.foundation.transaction import perform
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.rules import Role, Scope
from instrument_share.notification.models import Message

from ..accounting.story import START, begin
from ..support.builders import (
    AT,
    grant,
    make_agreement,
    make_facility,
    make_institution,
    make_instrument,
    make_person,
    make_staff,
)
from ..support.signing import sign_in

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
NEW_YEAR = datetime(2027, 1, 1, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("used", "reserved", "today", "expected"),
    [
        (0, 0, date(2026, 7, 1), 0),
        (0, 600, FIRST, 600),  # nothing to go by on the first day
        (1810, 0, date(2026, 7, 1), 1810 + 10 * 184),  # 181 days gone at 10 a day, 184 to come
        (1810, 500, date(2026, 7, 1), 1810 + 10 * 184),  # what is reserved is part of that
        (1810, 9000, date(2026, 7, 1), 1810 + 9000),  # more is reserved than the pace would ask
        (3650, 0, date(2027, 1, 1), 3650),
    ],
)
def test_the_forecast_goes_on_at_the_pace_so_far(used, reserved, today, expected) -> None:
    assert forecast(used, reserved, FIRST, LAST, today).minutes == expected


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.dates(date(2025, 1, 1), date(2028, 1, 1)))
def test_a_forecast_is_never_less_than_what_is_known(used, reserved, today) -> None:
    found = forecast(used, reserved, FIRST, LAST, today)
    assert found.minutes == used + reserved + found.unreserved
    assert found.unreserved >= 0


@given(
    st.sampled_from(list(CarryRule)), st.integers(0, 10**5),
    st.integers(-(10**5), 10**5), st.integers(0, 10**5),
)  # fmt: skip
def test_no_more_is_carried_than_was_left(rule, amount, left, yearly) -> None:
    assert 0 <= carried_minutes(rule, amount, left, yearly) <= max(left, 0)


def test_what_is_carried_and_when_people_are_warned() -> None:
    assert carried_minutes("hours", 600, 1000, 6000) == 600
    assert carried_minutes("hours", 600, 200, 6000) == 200
    assert carried_minutes("percent", 10, 1000, 6000) == 600
    assert carried_minutes("none", 600, 1000, 6000) == 0
    marks = [thresholds_passed(taken, 100) for taken in (79, 80, 99, 100, 120)]
    assert marks == [[], [80], [80], [80, 100], [80, 100]]
    assert thresholds_passed(0, 0) == []


def test_a_country_and_a_single_instrument(session) -> None:
    facility = make_facility()
    covered, beside = make_instrument(facility), make_instrument(facility)
    agreement = make_agreement(
        facility.host, make_institution(country="EG"), partners=[], instruments=[covered]
    )
    services._write_rows(agreement.countries, {"KZ": {}}, "country", services._country)
    session.flush()
    kazakh, other = make_person(make_institution()), make_person(make_institution(country="EG"))
    for person, instrument, opens in (
        (kazakh, covered, True), (kazakh, beside, False), (other, covered, False),
    ):  # fmt: skip
        found = usable.agreements_open_to(person, instrument, AT.date())
        assert found == ([agreement] if opens else [])
    standings = standings_of([kazakh, other])
    assert [each.id for each in standings[kazakh.id].agreements] == [agreement.id]
    assert standings[other.id].agreements == ()
    liaison = make_person(make_institution())
    grant(liaison, Role.LIAISON, Scope("institution", liaison.institution_id))
    manager = make_staff(Role.FACILITY_MANAGER, facility)
    for person in (liaison, manager):
        assert list(queries.agreements_of(person)) == [agreement]
        assert queries.agreement_of(person, agreement.reference) is agreement
    assert list(queries.agreements_of(make_staff(Role.FACILITY_MANAGER, make_facility()))) == []


@pytest.fixture
def story(session):
    story = begin(yearly_minutes=6000)
    services.suspend_agreement(story.agreement.reference, by=story.office, at=AT)
    services.activate_agreement(story.agreement.reference, by=story.office, at=AT)
    session.commit()
    return story


def terms(agreement, **values):
    """The agreement as the form has it, changed."""
    return draft_from(MultiDict(values_of(agreement) | values))


def test_a_change_is_audited_and_written_in_the_ledger(story, session) -> None:
    reference = story.agreement.reference
    story.confirmed()
    for hours in (120, 50, 50):
        draft = terms(story.agreement, yearly_hours=hours)
        perform(services.change_agreement, reference, draft, by=story.office, at=AT)
    kinds = session.scalars(
        select(MinutesEntry.kind).where(MinutesEntry.year == 2026).order_by(MinutesEntry.id)
    )
    assert list(kinds) == ["grant", "reserve", "grant", "correct"]
    entries = session.scalars(
        select(AuditEntry.details).where(AuditEntry.action == "agreement.changed")
    )
    assert list(entries) == [{"fields": ["yearly_minutes"]}] * 2
    with pytest.raises(InvalidInput) as refused:
        services.change_agreement(
            reference, terms(story.agreement, yearly_hours=3), by=story.office, at=AT
        )
    assert list(refused.value.fields) == ["yearly_hours"]


def test_nobody_speaks_for_another_host(story) -> None:
    other = make_facility().host
    draft = terms(story.agreement, hosts=[story.host.slug, other.slug])
    with pytest.raises(Forbidden):
        services.create_agreement(draft, by=story.office, at=AT)
    services.create_agreement(draft, by=story.programme, at=AT)
    draft = terms(story.agreement, instruments=[make_instrument().slug])
    with pytest.raises(InvalidInput) as refused:
        services.create_agreement(draft, by=story.office, at=AT)
    assert list(refused.value.fields) == ["instruments"]


def test_a_renewal_follows_and_does_not_overlap(story, session) -> None:
    reference = story.agreement.reference
    renewal = terms(story.agreement, valid_from="2027-12-31", valid_until="2029-12-31")
    with pytest.raises(InvalidInput) as refused:
        services.create_agreement(replace(renewal, predecessor=reference), by=story.office, at=AT)
    assert list(refused.value.fields) == ["valid_from"]
    renewal = replace(renewal, predecessor=reference, valid_from=date(2028, 1, 1))
    made = services.create_agreement(renewal, by=story.office, at=AT)
    assert (made.predecessor, story.agreement.successor) == (story.agreement, made)
    with pytest.raises(WrongAgreementState):
        services.create_agreement(renewal, by=story.office, at=AT)
    with pytest.raises(InvalidInput) as refused:
        services.change_agreement(
            reference, terms(story.agreement, valid_until="2028-05-05"), by=story.office, at=AT
        )
    assert list(refused.value.fields) == ["valid_until"]


def run(name: str, at: datetime) -> int:
    (chore,) = [each for each in CHORES if each.name == name]
    return chore.run(Shift("w", lambda: at))


@pytest.mark.parametrize(
    ("rule", "amount", "carried"), [("hours", 600, 600), ("percent", 50, 3000), ("none", 0, 0)]
)
def test_what_is_left_is_carried_once(story, session, rule, amount, carried) -> None:
    story.agreement.carry_rule, story.agreement.carry_amount = rule, amount
    story.confirmed()
    session.commit()
    version = story.agreement.version
    for _ in range(2):
        run("quotas carried over", NEW_YEAR)
    years = {
        year: quotas_of([story.agreement.id], year)[story.agreement.id] for year in (2026, 2027)
    }
    assert [years[2026].carried, years[2027].carried] == [-carried, carried]
    assert [years[2026].left, years[2027].left] == [6000 - 240 - carried, 6000 + carried]
    assert list(findings()) == []
    session.expire_all()
    assert story.agreement.version == version


def test_people_are_warned_once_for_each_mark(story, session) -> None:
    story.agreement.partners[0].yearly_minutes = 500
    story.confirmed(hours=7)  # 420 of the partner's 500, 420 of 6000 in all
    session.commit()
    for _ in range(2):
        run("quota warnings", AT)
    told = session.scalars(select(Message).where(Message.kind.like("quota%"))).all()
    assert {(each.person_id, each.kind) for each in told} == {
        (story.liaison.id, "quota_near"), (story.office.id, "quota_near"),
    }  # fmt: skip
    assert len(told) == 2
    draft = terms(story.agreement, yearly_hours=7)
    perform(services.change_agreement, story.agreement.reference, draft, by=story.office, at=AT)
    for _ in range(2):
        run("quota warnings", AT)
    told = session.scalars(select(Message.kind).where(Message.person_id == story.liaison.id))
    assert list(told) == ["quota_near", "quota_used_up"]


def test_the_office_writes_changes_and_renews_on_the_page(story, session, client) -> None:
    sign_in(client, story.office)
    values = values_of(story.agreement) | {"title_en": "Neutrons for all", "yearly_hours": "x"}
    again = client.post("/agreements/new", data=values)
    assert again.status_code == 422
    for kept in ("Neutrons for all", 'href="#field-yearly_hours"', 'value="x"'):
        assert kept in again.text
    assert "Neutrons for all" in client.post("/agreements/new", data=values | {"more": "1"}).text
    saved = client.post("/agreements/new", data=values | {"yearly_hours": "90"})
    assert saved.status_code == 302
    made = session.scalars(select(Agreement).order_by(Agreement.id.desc())).first()
    page = f"/agreements/{made.reference}"
    assert "Neutrons for all" in client.get(f"{page}/edit").text
    stale = client.post(f"{page}/edit", data=values | {"yearly_hours": "80", "version": "77"})
    assert stale.status_code == 409
    assert "Neutrons for all" in stale.text
    changed = client.post(
        f"{page}/edit", data=values | {"yearly_hours": "80", "version": str(made.version)}
    )
    assert changed.status_code == 302
    session.refresh(made)
    assert (made.yearly_minutes, made.state) == (4800, "draft")
    old = f"/agreements/{story.agreement.reference}"
    first = client.get(f"{old}/renew").text
    assert 'value="2028-01-01"' in first
    renewal = values | {
        "yearly_hours": "9",
        "valid_from": "2028-01-01",
        "valid_until": "2029-01-01",
    }
    assert client.post(f"{old}/renew", data=renewal).status_code == 302
    assert "Renewed by" in client.get(old).text
    sign_in(client, story.manager)
    for path in (f"{old}/edit", f"{old}/renew", "/agreements/new"):
        assert client.get(path).status_code == 403


def test_both_sides_see_the_use_and_so_do_programs(story, session, client) -> None:
    story.confirmed()
    story.used(START.replace(day=9), minutes=95)
    session.commit()
    with time_machine.travel(AT.replace(day=20), tick=False):
        for person in (story.liaison, story.office):
            if person is story.liaison:
                sign_in(client, person)
            page = client.get(f"/agreements/{story.agreement.reference}").text
            for words in ("Used: 1 h 35 min. Reserved: 4 h.", "By month", "At this pace"):
                assert words in page
        found = client.get(f"/api/v1/agreements/{story.agreement.reference}").json
        listed = client.get("/api/v1/agreements").json["items"]
    assert found["use"]["used_minutes"] == 95
    assert found["use"]["partners"] == [
        {"institution": story.partner.slug, "reserved_minutes": 240, "used_minutes": 95}
    ]
    assert found["use"]["months"] == [{"month": 3, "reserved_minutes": 240, "used_minutes": 95}]
    assert [each["reference"] for each in listed] == [story.agreement.reference]


def test_what_is_typed_comes_back(story) -> None:
    assert typed(MultiDict(values_of(story.agreement)))["partner"] == [story.partner.slug]
