"""Two commands at the same moment, each of which rests on what the other changes: the second sees the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from instrument_share.access.agreements.documents.rules import DocumentKind
from instrument_share.access.agreements.documents.services import add_document, remove_document
from instrument_share.access.agreements.documents.values import DocumentDraft
from instrument_share.access.agreements.services import change_agreement
from instrument_share.access.agreements.values import AgreementDraft
from instrument_share.access.calls.deciding import services as deciding
from instrument_share.access.calls.errors import NotInReview, NotOpen
from instrument_share.access.calls.proposing import services as proposing
from instrument_share.access.calls.reviewing import services as reviewing
from instrument_share.access.calls.services import change_call
from instrument_share.access.calls.standard import CRITERIA
from instrument_share.access.calls.values import Grant, ReviewDraft
from instrument_share.access.models import FacilityShare, Project
from instrument_share.access.projects import services as projects
from instrument_share.access.projects.values import AllocationDraft, ProjectDraft
from instrument_share.access.screening import services as screening
from instrument_share.access.screening.models import Screening
from instrument_share.access.screening.rules import Answer, Question, ScreeningClass
from instrument_share.access.shares.services import set_shares
from instrument_share.accounting.ledger import quotas_of
from instrument_share.booking import services as bookings
from instrument_share.booking.letters import services as letters
from instrument_share.booking.letters.models import Letter
from instrument_share.booking.models import Booking
from instrument_share.booking.rules import State
from instrument_share.booking.waiting import services as waiting
from instrument_share.booking.waiting.errors import NothingOffered, NotWaiting
from instrument_share.booking.waiting.values import JoinRequest
from instrument_share.files.models import StoredFile
from instrument_share.foundation.database import db
from instrument_share.foundation.errors import (
    Forbidden,
    InvalidInput,
    NotAuthenticated,
    NotFound,
    StaleVersion,
)
from instrument_share.foundation.transaction import perform
from instrument_share.identity import services as accounts
from instrument_share.identity.applications import services as applications
from instrument_share.identity.applications.errors import AlreadyHere, StillWaiting
from instrument_share.identity.applications.values import Admission, ApplicationRequest
from instrument_share.identity.errors import AlreadyGranted
from instrument_share.identity.invitations import services as invitations
from instrument_share.identity.invitations.errors import BelongsElsewhere
from instrument_share.identity.invitations.links import address_of
from instrument_share.identity.invitations.rules import Guest
from instrument_share.identity.models import ApiToken, Institution, Person, RoleGrant
from instrument_share.identity.own_data.erasing import erase
from instrument_share.identity.passwords import hash_password, password_fits
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from instrument_share.identity.sessions.services import end_everything
from instrument_share.identity.values import Absence
from tests.accounting.story import begin
from tests.booking.test_letters import issued
from tests.support.builders import (
    AT,
    grant,
    make_institution,
    make_person,
    request_for,
)
from tests.support.calls import IN_REVIEW, OPEN, call_draft, make_round, proposal_draft
from tests.support.marks import postgresql_only
from tests.support.overlap import in_between, overlap
from tests.support.scene import make_scene
from tests.support.uploads import upload

EXPORT = ScreeningClass.EXPORT_CONTROL
HARMLESS = {key: Answer("no") for key in ("dual_use", "end_use", "listed_party")}
OLD = "correct horse battery"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def both(app, session, database):
    """`both(first, second)`: what each gave or raised, see `overlap`."""

    def run(first, second):
        session.commit()
        found = overlap(app, database, first, second)
        session.rollback()
        session.expire_all()
        return found

    return run


def doing(service, *given, by=None, **named):
    """A command by the person of this id, who is read where it runs, as is every row among `given`."""
    keys = [(type(each), each.id) if isinstance(each, db.Model) else each for each in given]

    def read(each):
        is_row = isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], type)
        return db.session.get_one(*each) if is_row else each

    def run():
        named_by = {} if by is None else {"by": db.session.get_one(Person, by)}
        return perform(service, *map(read, keys), at=AT, **named_by, **named)

    return run


def outcomes(pair):
    return [type(each) if isinstance(each, Exception) else None for each in pair]


@postgresql_only
def test_a_quota_that_is_lowered_is_not_granted_again_by_who_books(session, both):
    story = begin(yearly_minutes=6000)
    booking = story.asked()
    bookings.approve(booking.reference, by=story.manager, at=AT, version=None)
    lower = replace(_draft_of(story), yearly_minutes=300)
    given = both(
        doing(change_agreement, story.agreement.reference, lower, by=story.office.id),
        doing(bookings.approve, booking.reference, by=story.office.id, version=None),
    )
    assert outcomes(given) == [None, None]
    assert quotas_of([story.agreement.id], 2026)[story.agreement.id].granted == 300


def _draft_of(story, *partners: Institution) -> AgreementDraft:
    agreement = story.agreement
    return AgreementDraft(
        titles=dict(agreement.titles), hosts=(story.host.slug,),
        partners={each.slug: None for each in partners or [story.partner]},
        valid_from=agreement.valid_from, valid_until=agreement.valid_until,
        yearly_minutes=agreement.yearly_minutes,
    )  # fmt: skip


@postgresql_only
def test_projects_change_one_thing_after_the_other(session, both):
    story, guest = begin(), make_person(make_institution())
    draft = ProjectDraft(
        {"en": "Thin films"}, "joint_project", "new_materials", story.researcher.email,
        agreement=story.agreement.reference,
    )  # fmt: skip
    reference = projects.create_project(draft, by=story.office, at=AT).reference
    lead, manager, office = story.researcher.id, story.manager.id, story.office.id
    year = AllocationDraft(1, date(2025, 1, 1), date(2025, 2, 1), story.facility.slug)
    projects.allocate(reference, year, by=story.manager, at=AT)
    spring = AllocationDraft(600, date(2026, 3, 1), date(2026, 5, 31), story.facility.slug)
    give = doing(projects.allocate, reference, spring, by=manager)
    assert outcomes(both(give, give)) == [None, InvalidInput]
    projects.invite(reference, guest.email, by=story.researcher, at=AT)
    remove = doing(projects.remove_member, reference, guest.id, by=lead)
    accept = doing(projects.answer_invitation, reference, True, by=guest.id)
    assert outcomes(both(accept, remove)) == [None, None]
    assert guest.id not in _members(session)
    projects.invite(reference, guest.email, by=story.researcher, at=AT)
    session.commit()
    accept()
    hand_over = doing(
        projects.change_project, reference, replace(draft, lead=guest.email), by=office
    )
    assert outcomes(both(hand_over, remove)) == [None, Forbidden]
    assert guest.id in _members(session)


def _members(session) -> list[int]:
    return [each.id for each in session.scalars(select(Project)).one().members]


@postgresql_only
def test_shares_of_two_who_set_them_are_not_more_than_the_whole(session, both):
    story, other = begin(), make_institution()
    given = both(*(
        doing(set_shares, story.facility.slug, {slug: 60}, by=story.office.id)
        for slug in (story.partner.slug, other.slug)
    ))  # fmt: skip
    assert outcomes(given) == [None, None]
    assert session.scalar(select(func.sum(FacilityShare.percent))) == 60


@postgresql_only
@pytest.mark.parametrize("is_first", [True, False])
def test_whoever_answers_while_new_questions_come_is_asked_them(session, both, is_first):
    scene = make_scene(screening_class="export_control")
    host = scene.instrument.facility.host
    questions = [Question("new", {"en": "Anything new?"}, "yes")]
    publish = doing(screening.publish, host, EXPORT, questions, 12, by=scene.office.id, version=0)
    answer = doing(screening.answer, host, EXPORT, HARMLESS, by=scene.applicant.id)
    given = both(answer, publish) if is_first else both(publish, answer)
    assert outcomes(given) == ([None, None] if is_first else [None, InvalidInput])
    assert session.scalars(select(Screening.outdated)).all() == [True] * is_first


@postgresql_only
def test_a_call_is_decided_on_what_reviewers_and_proposers_have_done(session, both):
    def decided_and(service, *given, by):
        found = both(
            doing_in_review(deciding.publish, story.call.reference, by=story.officer.id),
            doing_in_review(service, *given, by=by),
        )
        return outcomes(found)

    story, reviewer, proposal = _reviewed()
    draft = ReviewDraft(dict.fromkeys([it.id for it in story.call.criteria], 3), "Panel", "You")
    late = decided_and(reviewing.hand_in, proposal.reference, draft, by=reviewer.id)
    assert late == [None, NotInReview]
    story, _, proposal = _reviewed()
    late = decided_and(proposing.withdraw, proposal.reference, by=story.lead.id)
    assert late == [None, NotOpen]
    assert proposal.granted_minutes == 600


def _reviewed():
    story = make_round()
    proposal, reviewer = story.propose(), story.appoint()
    grants = {proposal.reference: Grant({story.call.facility.slug: 600}, "")}
    deciding.plan(story.call.reference, grants, by=story.officer, at=IN_REVIEW)
    return story, reviewer, proposal


def doing_in_review(service, *given, by):
    return lambda: perform(lambda: service(*given, by=db.session.get_one(Person, by), at=IN_REVIEW))


def test_two_who_change_parts_of_the_same_version_do_not_undo_each_other(session):
    """Also where the second comes long after: parts are rows of their own, and still a version of the whole."""
    story = begin()
    version, others = story.agreement.version, [make_institution(), make_institution()]
    first, second = (_draft_of(story, story.partner, each) for each in others)
    reference = story.agreement.reference
    change_agreement(reference, first, by=story.office, at=AT, version=version)
    with pytest.raises(StaleVersion):
        change_agreement(reference, second, by=story.office, at=AT, version=version)
    call = make_round()
    version, facility = call.call.version, call.call.facility
    draft = call_draft(facility, call.slug, criteria=CRITERIA[:1])
    change_call(call.call.reference, draft, by=call.officer, at=AT, version=version)
    with pytest.raises(StaleVersion):
        change_call(call.call.reference, draft, by=call.officer, at=AT, version=version)
    proposal = call.propose()
    version, draft = proposal.version, proposal_draft(call.slug, 30)
    again = {"submit": True, "by": call.lead, "at": OPEN, "version": version}
    proposing.change_proposal(proposal.reference, draft, **again)
    with pytest.raises(StaleVersion):
        proposing.change_proposal(proposal.reference, draft, **again)


@postgresql_only
def test_nobody_has_a_role_of_the_programme_twice(session, both):
    admin, other = make_person(), make_person()
    grant(admin, Role.ADMINISTRATOR, PROGRAMME)
    give = doing(
        accounts.grant_role, other, Role.PROGRAMME_OFFICER, PROGRAMME, by=admin.id,
    )  # fmt: skip
    assert outcomes(both(give, give)) == [None, AlreadyGranted]


@postgresql_only
@pytest.mark.parametrize("way", ["withdraw_role", "suspend", "erase"])
def test_two_administrators_do_not_end_each_other(session, both, way):
    admins = [make_person(), make_person()]
    grants = [grant(each, Role.ADMINISTRATOR, PROGRAMME).id for each in admins]
    ids = [each.id for each in admins]
    match way:
        case "withdraw_role":
            calls = [doing(accounts.withdraw_role, grants[i], by=ids[1 - i]) for i in (0, 1)]
        case "suspend":
            calls = [doing(accounts.suspend, ids[i], by=ids[1 - i]) for i in (0, 1)]
        case _:
            calls = [doing(erase, each, by=each) for each in ids]
    done, refused = both(*calls)
    assert not isinstance(done, Exception)
    assert isinstance(refused, Forbidden | NotAuthenticated) or refused.code == "erasure_hindered"
    assert session.scalar(
        select(func.count(RoleGrant.id))
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, Person.suspended_at.is_(None))
    )


@postgresql_only
def test_one_applies_once_and_one_of_two_alike_is_admitted(session, both):
    people, officer = [make_person(), make_person()], make_person()
    grant(officer, Role.PROGRAMME_OFFICER, PROGRAMME)
    wanted = ApplicationRequest({"en": "New"}, "KZ", "Asia/Almaty", "", ("new.example",), "Why")
    ask = doing(applications.apply, wanted, by=people[0].id)
    assert outcomes(both(ask, ask)) == [None, StillWaiting]
    applications.apply(wanted, by=people[1], at=AT)
    waits = session.scalars(select(applications.InstitutionApplication.reference)).all()
    admit = [
        doing(applications.admit, each, Admission(), by=officer.id, version=1) for each in waits
    ]
    assert outcomes(both(*admit)) == [None, AlreadyHere]


@postgresql_only
def test_who_is_invited_by_two_institutions_joins_one(session, both):
    person, secrets = make_person(), []
    for liaison in (make_person(make_institution()), make_person(make_institution())):
        grant(liaison, Role.LIAISON, Scope("institution", liaison.institution_id))
        guest = Guest(person.email, "Amina", "ar")
        (made,) = invitations.invite_all([guest], liaison.institution, by=liaison, at=AT)
        secrets.append(address_of(made.id, made.email).rpartition("/")[2])
    given = both(*(doing(invitations.accept, each, by=person.id) for each in secrets))
    assert outcomes(given) == [None, BelongsElsewhere]


def test_who_is_signed_out_everywhere_gets_no_token_and_sets_no_password(app, session):
    """By a request that was on its way then: a thief's, say, who has the old password."""
    person = make_person(password_hash=hash_password(OLD))
    session.commit()

    def with_the_old(service, *given):
        def run():
            asking = db.session.get_one(Person, person.id)
            return perform(service, asking, *given, at=AT)

        return run

    out = with_the_old(end_everything)
    late = in_between(app, out, with_the_old(accounts.issue_token, "mine"))
    assert outcomes(late) == [None, NotAuthenticated]
    change = with_the_old(accounts.change_password, OLD, "what the owner chose")
    late = in_between(app, change, with_the_old(accounts.change_password, OLD, "what a thief has"))
    assert outcomes(late) == [None, NotAuthenticated]
    session.rollback()
    session.expire_all()
    assert password_fits(person.password_hash, "what the owner chose")
    assert session.scalar(select(func.count(ApiToken.id))) == 0


@postgresql_only
def test_a_token_that_comes_at_the_same_moment_ends_with_all_others(session, both):
    person = make_person()
    given = both(doing(accounts.issue_token, person, "x"), doing(end_everything, person))
    assert outcomes(given) == [None, None]
    assert session.scalars(select(ApiToken.revoked_at)).all() == [AT]
    serial = person.session_serial
    assert outcomes(both(*[doing(end_everything, person)] * 2)) == [None, None]
    assert person.session_serial == serial + 2


@postgresql_only
def test_a_letter_is_made_once(session, both):
    scene = make_scene()
    letter = issued(scene, scene.confirm(scene.ask()))
    keep = doing(letters.keep_pages, letter)
    assert outcomes(both(keep, keep)) == [None, None]
    assert session.scalars(select(StoredFile.id)).all() == [session.get(Letter, letter.id).file_id]


@postgresql_only
@pytest.mark.parametrize(
    ("service", "refusal"), [("decline", NothingOffered), ("leave", NotWaiting)]
)
def test_an_offer_that_is_accepted_is_not_given_up_at_the_same_moment(
    session, both, service, refusal
):
    scene = make_scene()
    booking, person = scene.ask(), make_person(make_institution())
    wish = JoinRequest(
        instrument=scene.instrument.slug, access_mode="on_site", purpose="Thin films",
        since=booking.starts_at, until=booking.ends_at, minutes=240, time_zone="UTC",
    )  # fmt: skip
    entry = waiting.join(wish, by=person, at=AT)
    bookings.cancel(booking.reference, by=scene.applicant, at=AT, version=None)
    given = both(
        doing(waiting.accept, entry.reference, by=person.id),
        doing(getattr(waiting, service), entry.reference, by=person.id),
    )
    assert outcomes(given) == [None, refusal]
    (offered,) = session.scalars(select(Booking).where(Booking.applicant_id == person.id))
    assert offered.state == State.SUBMITTED


def test_an_account_that_is_erased_meanwhile_books_nothing(app, session, database):
    scene = make_scene()
    person, request = scene.applicant.id, request_for(scene.instrument)
    session.commit()

    def ask():
        by = db.session.get_one(Person, person)
        return perform(bookings.request_booking, request, by=by, at=AT)

    away = doing(erase, person, by=person)
    late = (
        overlap(app, database, away, ask)
        if database.kind == "postgresql"
        else in_between(app, away, ask)
    )
    assert outcomes(late) == [None, NotAuthenticated]


@postgresql_only
def test_an_erased_account_is_not_opened_again_at_the_same_moment(session, both):
    person, admin = make_person(suspended_at=AT), make_person()
    grant(admin, Role.ADMINISTRATOR, PROGRAMME)
    reinstate = doing(accounts.reinstate, person.id, by=admin.id)
    assert outcomes(both(doing(erase, person.id, by=admin.id), reinstate)) == [None, NotFound]


@postgresql_only
def test_a_role_that_is_taken_back_is_not_lent_at_the_same_moment(session, both):
    scene, admin = make_scene(), make_person()
    grant(admin, Role.ADMINISTRATOR, PROGRAMME)
    deputy = make_person(scene.instrument.facility.host)
    role = session.scalar(select(RoleGrant.id).where(RoleGrant.person_id == scene.manager.id))
    days = Absence(deputy.email, role, date(2026, 3, 2), date(2026, 3, 5))
    given = both(
        doing(accounts.withdraw_role, role, by=admin.id),
        doing(accounts.name_deputy, days, by=scene.manager.id),
    )
    assert outcomes(given) == [None, InvalidInput]


@postgresql_only
def test_a_deputy_is_withdrawn_once(session, both):
    scene = make_scene()
    deputy = make_person(scene.instrument.facility.host)
    days = Absence(deputy.email, None, date(2026, 3, 2), date(2026, 3, 5))
    named = accounts.name_deputy(days, by=scene.manager, at=AT)
    end = doing(accounts.withdraw_deputy, named.id, by=scene.manager.id)
    assert outcomes(both(end, end)) == [None, NotFound]


@postgresql_only
def test_a_document_is_removed_once(session, both):
    story = begin()
    draft = DocumentDraft("Text", DocumentKind.MEMORANDUM, "en", upload())
    document = add_document(story.agreement.reference, draft, by=story.office, at=AT)
    keys = story.agreement.reference, document.file.key
    remove = doing(remove_document, *keys, by=story.office.id)
    assert outcomes(both(remove, remove)) == [None, NotFound]
