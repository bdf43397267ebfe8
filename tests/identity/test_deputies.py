"""Standing in for somebody who is away: who may what on which day of whose calendar, and what is told of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from instrument_share.booking import services as bookings
from instrument_share.booking.queries import approvals_for
from instrument_share.booking.rules import State
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound
from instrument_share.identity import services
from instrument_share.identity.acting import actor_of, holders_of
from instrument_share.identity.models import AuditEntry, Person
from instrument_share.identity.rules import (
    PROGRAMME,
    Actor,
    Lent,
    Permission,
    Role,
    Scope,
    acts_for,
    subject,
)
from instrument_share.identity.values import Absence
from instrument_share.notification.models import Message
from tests.support.builders import AT, grant, make_institution, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in

FIRST, LAST = date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture
def scene(session):
    return make_scene()


@pytest.fixture
def colleague(session, scene) -> Person:
    return make_person(scene.manager.institution)


def at(text: str) -> time_machine.travel:
    services.deputies.forget_actors()
    return time_machine.travel(text, tick=False)


def lend(by: Person, to: Person, **values) -> object:
    absence = Absence(
        **{"email": to.email, "grant_id": None, "first_day": FIRST, "last_day": LAST} | values
    )
    return services.name_deputy(absence, by=by, at=AT)


def has_queue(person: Person) -> bool:
    return any(role is Role.FACILITY_MANAGER for role, _ in actor_of(person).grants)


def test_a_deputy_has_the_role_on_the_days_of_whoever_is_away_to_the_minute(scene, colleague):
    scene.manager.time_zone = "Asia/Shanghai"
    lend(scene.manager, colleague)
    scene.manager.time_zone = "America/Lima"  # moving house afterwards moves no day
    moments = {
        "2026-03-02T15:59:59Z": False,
        "2026-03-02T16:00:00Z": True,  # midnight in Shanghai
        "2026-03-04T15:59:59Z": True,
        "2026-03-04T16:00:00Z": False,
    }
    for moment, expected in moments.items():
        with at(moment):
            assert has_queue(colleague) is expected, moment
            now = datetime.fromisoformat(moment)
            scope = Scope("facility", scene.instrument.facility_id)
            asked = holders_of(Role.FACILITY_MANAGER, [scope], now.date())
            assert (colleague.id in asked) is expected, moment
            assert scene.manager.id in asked


def test_reading_what_somebody_may_takes_one_statement(scene, colleague, count_queries):
    lend(scene.manager, colleague)
    with at("2026-03-03T04:00Z"), count_queries() as queries:
        assert has_queue(colleague)
    assert queries.count == 1


def test_a_deputy_is_asked_decides_and_everything_says_for_whom(session, scene, colleague):
    lend(scene.manager, colleague)
    told = session.query(Message).filter_by(person_id=colleague.id).one()
    assert (told.kind, told.facts["person"]) == ("deputy_named", scene.manager.display_name)
    moment = datetime.fromisoformat("2026-03-03T04:00Z")
    with at("2026-03-03T04:00Z"):
        booking = scene.ask(starts_at=AT + timedelta(days=9), at=moment)
        kinds = {
            (m.person_id, m.kind) for m in session.query(Message).filter_by(booking_id=booking.id)
        }
        assert {(p.id, "decision_needed") for p in (colleague, scene.manager)} <= kinds
        assert approvals_for(colleague).items == [booking]
        bookings.approve(booking.reference, by=colleague, at=moment, version=None)
        step = booking.steps[0]
        assert (step.decided_by, step.decided_for_id) == (colleague, scene.manager.id)
        session.commit()
        entry = session.query(AuditEntry).filter_by(action="booking.approve").one()
        assert (entry.actor_id, entry.details["deputy_of"]) == (colleague.id, scene.manager.id)
        with pytest.raises(Forbidden):  # the next step is the international office's
            bookings.approve(booking.reference, by=colleague, at=moment, version=None)


def test_running_an_instrument_for_somebody_is_in_the_trail_too(session, scene, colleague):
    booking = scene.confirm(scene.ask())
    lend(scene.operator, colleague, first_day=date(2026, 3, 3))
    with at("2026-03-03T04:00Z"):
        bookings.start(booking.reference, by=colleague, at=booking.starts_at, version=None)
        session.commit()
    entry = session.query(AuditEntry).filter_by(action="booking.start").one()
    assert entry.details["deputy_of"] == scene.operator.id


def test_nobody_decides_for_an_applicant_on_their_own_request(session, scene, colleague):
    lend(scene.manager, colleague)
    moment = datetime.fromisoformat("2026-03-03T04:00Z")
    with at("2026-03-03T04:00Z"):
        booking = bookings.request_booking(_request(scene), by=scene.manager, at=moment)
        assert approvals_for(colleague).items == []
        asked = session.query(Message).filter_by(booking_id=booking.id, kind="decision_needed")
        assert colleague.id not in {each.person_id for each in asked}
        with pytest.raises((Forbidden, NotFound)):
            bookings.approve(booking.reference, by=colleague, at=moment, version=None)
        assert booking.state == State.SUBMITTED


def _request(scene):
    from tests.support.builders import request_for

    return request_for(scene.instrument, starts_at=AT + timedelta(days=9))


def test_it_ends_with_the_grant_a_suspension_or_when_it_is_withdrawn(session, scene, colleague):
    root = make_person(scene.manager.institution)
    grant(root, Role.ADMINISTRATOR, PROGRAMME)
    other = make_person(scene.manager.institution)
    with at("2026-03-03T04:00Z"):
        moment = datetime.fromisoformat("2026-03-03T04:00Z")
        for end in (
            lambda named: services.withdraw_deputy(named.id, by=scene.manager, at=moment),
            lambda named: services.withdraw_deputy(named.id, by=colleague, at=moment),
            lambda _: services.suspend(colleague.id, by=root, at=moment),
            lambda _: services.suspend(scene.manager.id, by=root, at=moment),
        ):
            colleague.suspended_at = scene.manager.suspended_at = None
            named = lend(scene.manager, colleague)
            assert has_queue(colleague)
            end(named)
            colleague.suspended_at = scene.manager.suspended_at = None
            session.flush()
            services.deputies.forget_actors()
            assert not has_queue(colleague)
        named = lend(scene.manager, colleague)
        with pytest.raises(NotFound):
            services.withdraw_deputy(named.id, by=other, at=moment)
        lend(colleague_with_role(colleague, scene), other)
        assert Role.FACILITY_MANAGER not in {role for role, _ in actor_of(other).grants}
        held = session.query(type(scene.manager.grants[0])).filter_by(person_id=scene.manager.id)
        services.withdraw_role(held.one().id, by=root, at=moment)
        assert not has_queue(colleague)


def colleague_with_role(colleague: Person, scene) -> Person:
    """A deputy who has something to lend: what is lent to them is not among it."""
    grant(colleague, Role.OPERATOR, Scope("facility", scene.instrument.facility_id))
    return colleague


def test_an_administrator_is_never_lent_and_only_colleagues_stand_in(session, scene, colleague):
    grant(scene.manager, Role.ADMINISTRATOR, PROGRAMME)
    lend(scene.manager, colleague)
    with at("2026-03-03T04:00Z"):
        assert {role for role, _ in actor_of(colleague).grants} == {Role.FACILITY_MANAGER}
    root = make_person(scene.manager.institution)
    only = grant(root, Role.ADMINISTRATOR, PROGRAMME)
    stranger = make_person(make_institution())
    unproved = make_person(scene.manager.institution, verification="unverified")
    wrong = [
        ("role", root, colleague, {}),
        ("role", root, colleague, {"grant_id": only.id}),
        ("role", scene.manager, colleague, {"grant_id": scene.office.grants[0].id}),
        ("email", scene.manager, stranger, {}),
        ("email", scene.manager, unproved, {}),
        ("email", scene.manager, scene.manager, {}),
        ("last_day", scene.manager, colleague, {"last_day": date(2026, 3, 1)}),
        ("last_day", scene.manager, colleague, {"first_day": date(2026, 2, 1), "last_day": date(2026, 3, 1)}),
        ("last_day", scene.manager, colleague, {"first_day": date.min}),
        ("last_day", scene.manager, colleague, {"last_day": date.max}),
    ]  # fmt: skip
    for field, by, to, values in wrong:
        with pytest.raises(InvalidInput) as refusal:
            lend(by, to, **values)
        assert list(refusal.value.fields) == [field], values


def test_the_page_names_and_ends_a_deputy_and_keeps_what_was_typed(
    client, session, scene, colleague
):
    session.commit()
    with at("2026-03-03T04:00Z"):
        sign_in(client, scene.manager)
        data = {
            "email": colleague.email,
            "role": "",
            "first_day": "2026-03-03",
            "last_day": "2026-03-02",
        }
        refused = client.post("/account/deputies", data=data)
        assert refused.status_code == 422
        assert colleague.email in refused.text
        assert 'href="#field-last_day"' in refused.text
        assert (
            client.post("/account/deputies", data=data | {"last_day": "2026-03-04"}).status_code
            == 302
        )
        assert colleague.display_name in client.get("/account/deputies").text
        sign_in(client, colleague)
        assert client.get("/approvals").status_code == 200
        page = client.get("/account/deputies").text
        assert scene.manager.display_name in page
        assert "You stand in for" in client.get("/inbox").text
        assert client.post("/account/deputies/1/withdraw").status_code == 302
        assert client.get("/approvals").status_code == 403
        assert client.post("/account/deputies/1/withdraw").status_code == 404


_SCOPES = [PROGRAMME, Scope("institution", 1), Scope("facility", 2)]
_PAIRS = st.frozensets(
    st.tuples(st.sampled_from([Role.OPERATOR, Role.FACILITY_MANAGER]), st.sampled_from(_SCOPES))
)


@given(own=_PAIRS, theirs=st.dictionaries(st.integers(2, 4), _PAIRS, max_size=3))
def test_whoever_could_by_themselves_acts_for_nobody(own, theirs):
    lent = frozenset(
        Lent(role, scope, holder)
        for holder, pairs in theirs.items()
        for role, scope in pairs
        if (role, scope) not in own
    )
    actor = Actor(1, 1, own | {(e.role, e.scope) for e in lent}, lent)
    about = subject(host=tuple(_SCOPES))
    assert (acts_for(actor, Permission.RUN_BOOKING, about) is None) == (bool(own) or not lent)
    alone = actor
    for holder in theirs:
        alone = alone.without(holder)
    assert alone.grants == own
