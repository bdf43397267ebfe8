"""A call is decided: the ranking, hours that never exceed the call's, projects that come of it, and who is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from instrument_share.access.calls.deciding import services
from instrument_share.access.calls.deciding.queries import comments_on, mark_of, ranking
from instrument_share.access.calls.errors import NotInReview, OwnMatter, TooManyHours
from instrument_share.access.calls.proposing.models import GrantedTime, Proposal
from instrument_share.access.calls.proposing.services import withdraw
from instrument_share.access.calls.queries import managed_calls
from instrument_share.access.calls.reviewing.services import appoint, declare
from instrument_share.access.calls.rules import Timetable
from instrument_share.access.calls.services import extend, write_call
from instrument_share.access.calls.values import Grant
from instrument_share.access.projects.services import award_project, create_project
from instrument_share.access.projects.values import AllocationDraft, ProjectDraft
from instrument_share.accounting.ledger import allocations_of
from instrument_share.accounting.rules import Quota
from instrument_share.accounting.verification import findings
from instrument_share.foundation.database import db
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from instrument_share.foundation.transaction import perform
from instrument_share.identity.acting import forget_actors
from instrument_share.identity.models import AuditEntry, Person
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from instrument_share.identity.services import name_deputy
from instrument_share.identity.values import Absence
from instrument_share.notification.facts.plain import PlainFacts
from instrument_share.notification.models import Message

from ..support.builders import AT, grant, make_institution, make_person, make_staff
from ..support.calls import CLOSES, DAY, IN_REVIEW, OPEN, OPENS, REVIEWED, call_draft, make_round


def plan(it, hours: dict[Proposal, int], **how):
    slug = it.call.facility.slug
    grants = {each.reference: Grant({slug: n * 60}, f"Answer {n}") for each, n in hours.items()}
    return services.plan(it.call.reference, grants, **{"by": it.officer, "at": IN_REVIEW} | how)


def test_the_best_stand_first_and_conflicts_do_not_count(session):
    it = make_round()
    good, poor, unread = (it.propose(make_person(make_institution())) for _ in range(3))
    one, other = it.appoint(), it.appoint()
    it.review(good, one, 4)
    it.review(good, other, 2)
    it.review(poor, other, 3)
    it.review(poor, one, 1)
    assert ranking(it.call, OPEN) == []

    def order():
        return [each.proposal.id for each in ranking(it.call, IN_REVIEW)]

    assert order() == [good.id, poor.id, unread.id]
    declare(good.reference, "A friend", by=one, at=IN_REVIEW)
    first, second, _ = ranking(it.call, IN_REVIEW)
    assert [(each.standing.mean, each.standing.reviews) for each in (first, second)] == [
        (2, 1),
        (2, 2),
    ]
    assert (first.proposal.id, len(first.conflicts), first.standing.spread) == (good.id, 1, 0)
    withdraw(poor.reference, by=poor.lead, at=IN_REVIEW)
    assert order() == [good.id, unread.id]


def test_more_hours_than_there_are_is_refused_by_the_service_and_by_the_database(session):
    it = make_round(hours=100)
    one, other = it.propose(), it.propose()
    plan(it, {one: 60, other: 40})
    plan(it, {one: 40, other: 60})
    plan(it, {one: 60, other: 40})  # hours go from the later to the earlier one
    with pytest.raises(TooManyHours):
        plan(it, {other: 41})
    with pytest.raises(NotFound):
        services.plan(it.call.reference, {"PROP-X": Grant({}, "")}, by=it.officer, at=IN_REVIEW)
    third = it.propose(make_person(make_institution()))
    plan(it, {one: 50, third: 10})
    withdraw(third.reference, by=third.lead, at=IN_REVIEW)  # what was planned for it is free
    plan(it, {one: 59})
    plan(it, {other: 41})
    session.commit()
    reference = other.reference
    for act in (
        lambda: setattr(other, "granted_minutes", 42 * 60),
        lambda: setattr(it.call, "minutes", 99 * 60),
    ):
        act()
        with pytest.raises(DBAPIError):
            session.flush()
        session.rollback()
    kept = session.scalar(select(Proposal).where(Proposal.reference == reference))
    assert kept.granted_minutes == 41 * 60


def test_two_officers_at_once_do_not_give_the_same_hours_twice(session, app):
    it = make_round(hours=1000, elsewhere=100)
    pair = [it.propose().reference, it.propose().reference]
    session.commit()
    call, officer, barrier = it.call.reference, it.officer.id, Barrier(2)
    slug = it.elsewhere.facility.slug

    def give(reference: str) -> str:
        with app.app_context():
            by = db.session.get(Person, officer)
            barrier.wait()
            grant = {reference: Grant({slug: 6000}, "")}
            try:
                perform(services.plan, call, grant, by=by, at=IN_REVIEW)
            except TooManyHours as refusal:
                return refusal.code
            finally:
                db.session.remove()
            return "given"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give, pair)) == ["given", "too_many_hours"]


def test_each_facility_gives_its_own_hours_and_the_project_has_time_at_each(session):
    it = make_round(hours=100, elsewhere=30)
    here, there = it.call.facility.slug, it.elsewhere.facility.slug
    one, other = it.propose(wishes={it.slug: 600, it.elsewhere.slug: 1200}), it.propose()

    def give(**minutes: tuple[int, int]):
        rows = {"one": one, "other": other}
        grants = {
            rows[key].reference: Grant({here: a * 60, there: b * 60}, "")
            for key, (a, b) in minutes.items()
        }
        return services.plan(it.call.reference, grants, by=it.officer, at=IN_REVIEW)

    give(one=(10, 20), other=(90, 10))
    give(one=(80, 0), other=(20, 30))
    give(one=(20, 30), other=(80, 0))  # both ways at once, nothing is left over in between
    with pytest.raises(TooManyHours) as refused:
        give(other=(0, 1))
    assert refused.value.details == {"facility": there}
    nowhere = {one.reference: Grant({"nowhere": 60}, "")}
    with pytest.raises(InvalidInput):
        services.plan(it.call.reference, nowhere, by=it.officer, at=IN_REVIEW)
    session.commit()
    for row, minutes in ((other.grants[1], 60), (it.call.offers[1], 1799)):
        row.minutes = minutes
        with pytest.raises(DBAPIError):
            session.flush()
        session.rollback()
    services.publish(it.call.reference, by=it.officer, at=IN_REVIEW)
    found = {each.facility.slug: each.minutes for each in one.project.allocations}
    assert found == {here: 20 * 60, there: 30 * 60}
    assert [each.facility.slug for each in other.project.allocations] == [here]
    assert (one.granted_minutes, list(findings())) == (50 * 60, [])
    told = session.scalars(select(Message).where(Message.kind == "proposal_granted")).all()
    shares = [[minutes for _, minutes in PlainFacts.read(each.facts).shares] for each in told]
    assert sorted(shares) == [[], [20 * 60, 30 * 60]]


def test_a_plan_that_changed_while_one_waited_is_seen(session):
    it = make_round()
    proposal = it.propose()
    plan(it, {proposal: 10})
    session.commit()
    seen = mark_of([each.proposal for each in ranking(it.call, IN_REVIEW)])
    session.commit()
    with db.engine.begin() as somebody_else:
        somebody_else.execute(update(GrantedTime).values(minutes=60))
    with pytest.raises(StaleVersion):
        services.publish(it.call.reference, by=it.officer, at=IN_REVIEW, mark=seen)


def test_whoever_speaks_for_one_facility_alone_neither_writes_nor_decides(session, client):
    it = make_round(elsewhere=30)
    proposal = it.propose()
    half = make_person(it.call.facility.host)
    grant(half, Role.PROGRAMME_OFFICER, Scope("institution", it.call.facility.host_id))
    own = make_round()
    draft = replace(
        call_draft(it.call.facility, it.slug),
        offers={each.facility.slug: 60 for each in it.call.offers},
        instruments=tuple(each.slug for each in it.call.instruments),
    )
    with pytest.raises(Forbidden):
        write_call(draft, by=half, at=AT)
    with pytest.raises(NotFound):
        plan(it, {proposal: 1}, by=half)
    assert [each.id for each in managed_calls(it.officer)] == [own.call.id, it.call.id]
    assert managed_calls(half) == []
    write_call(call_draft(it.call.facility, it.slug), by=half, at=AT)
    assert len(managed_calls(half)) == 1


def test_the_decision_begins_projects_with_their_time_and_tells_everybody(session):
    it = make_round(hours=100)
    with_them = make_person(make_institution())
    won, lost = it.propose(with_whom=(with_them.email,)), it.propose(with_them)
    draft = it.propose(make_person())
    withdraw(draft.reference, by=draft.lead, at=IN_REVIEW)
    for reviewer, score in ((it.appoint(), 4), (it.appoint(), 2)):
        it.review(lost, reviewer, score)
    plan(it, {won: 70})
    assert not session.query(Message).filter(Message.kind.like("proposal_gr%")).count()
    services.publish(it.call.reference, by=it.officer, at=IN_REVIEW)
    assert it.call.state(IN_REVIEW) == "decided"
    assert (won.granted_minutes, lost.granted_minutes, draft.granted_minutes) == (4200, 0, None)
    project = won.project
    assert {each.id for each in project.members} == {it.lead.id, with_them.id}
    assert (project.lead_id, project.kind) == (it.lead.id, it.call.project_kind)
    (time,) = project.allocations
    assert (time.starts_on, time.ends_on) == (it.call.starts_on, it.call.ends_on)
    assert allocations_of([time.id])[time.id] == Quota(4200)
    assert (lost.project, comments_on(lost)) == (None, ["Applicant 2", "Applicant 4"])
    told = session.scalars(
        select(Message).where(Message.kind.in_(("proposal_granted", "proposal_refused")))
    )
    said = {(each.person_id, each.kind): each.facts["comment"] for each in told}
    assert said == {
        (it.lead.id, "proposal_granted"): "Answer 70",
        (with_them.id, "proposal_granted"): "Answer 70",
        (with_them.id, "proposal_refused"): "“Applicant 2”\n\n“Applicant 4”",
    }
    assert not session.query(Message).filter(Message.kind.like("project_%")).count()
    session.commit()
    acts = set(
        session.scalars(select(AuditEntry.action).where(AuditEntry.actor_id == it.officer.id))
    )
    assert {"call.planned", "call.decided", "project.awarded", "project.allocated"} <= acts
    assert list(findings()) == []
    for again in (
        lambda: plan(it, {lost: 1}),
        lambda: services.publish(it.call.reference, by=it.officer, at=IN_REVIEW),
    ):
        with pytest.raises(NotInReview):
            again()


def test_who_decides_and_when(session):
    it = make_round()
    proposal = it.propose()
    facility = it.call.facility
    for role in (Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE):
        with pytest.raises(NotFound):
            plan(it, {proposal: 1}, by=make_staff(role, facility))
    for at in (OPEN, CLOSES - DAY):
        with pytest.raises(NotInReview):
            plan(it, {proposal: 1}, at=at)
    seen = mark_of([proposal])
    plan(it, {proposal: 1}, mark=seen)
    with pytest.raises(StaleVersion):
        services.publish(it.call.reference, by=it.officer, at=IN_REVIEW, mark=seen)
    it.propose(it.officer)
    with pytest.raises(OwnMatter):
        plan(it, {proposal: 1})


def test_deciding_calls_does_not_open_the_projects_to_anybody(session):
    it = make_round()
    manager = make_staff(Role.FACILITY_MANAGER, it.call.facility)
    draft = ProjectDraft({"en": "Mine"}, "joint_project", "ocean", manager.email)
    time = AllocationDraft(60, it.call.starts_on, it.call.ends_on, it.call.facility.slug)
    with pytest.raises(Forbidden):
        award_project(draft, [manager], [time], by=manager, at=IN_REVIEW)
    with pytest.raises(Forbidden):
        create_project(draft, by=manager, at=IN_REVIEW)


def test_a_deputy_decides_nothing_for_an_officer_who_proposes_something(session):
    it = make_round()
    proposal, deputy = it.propose(), make_person(it.officer.institution)
    longer = Timetable(OPENS, CLOSES, REVIEWED + DAY)
    days = {"first_day": IN_REVIEW.date(), "last_day": (IN_REVIEW + DAY).date()}
    with time_machine.travel(IN_REVIEW, tick=False):
        name_deputy(Absence(deputy.email, None, **days), by=it.officer, at=IN_REVIEW)
        session.commit()
        forget_actors()
        plan(it, {proposal: 1}, by=deputy)
        it.propose(it.officer)
        for by in (deputy, it.officer):
            with pytest.raises(OwnMatter):
                plan(it, {proposal: 2}, by=by)
            with pytest.raises(OwnMatter):
                appoint(it.call.reference, it.lead.email, by=by, at=IN_REVIEW)
            with pytest.raises(OwnMatter):
                extend(it.call.reference, longer, by=by, at=IN_REVIEW)
        itself = make_person(it.officer.institution)
        grant(itself, Role.PROGRAMME_OFFICER, PROGRAMME)
        plan(it, {proposal: 2}, by=itself)
