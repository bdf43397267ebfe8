"""Quotas, projects, shares, screenings, documents and forms of one version while somebody else changes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from instrument_share.access.agreements.documents.rules import DocumentKind
from instrument_share.access.agreements.documents.services import add_document, remove_document
from instrument_share.access.agreements.documents.values import DocumentDraft
from instrument_share.access.agreements.services import change_agreement
from instrument_share.access.agreements.values import AgreementDraft
from instrument_share.access.calls.proposing import services as proposing
from instrument_share.access.calls.services import change_call
from instrument_share.access.calls.standard import CRITERIA
from instrument_share.access.projects import services as projects
from instrument_share.access.projects.models import Project
from instrument_share.access.projects.values import AllocationDraft, ProjectDraft
from instrument_share.access.screening import services as screening
from instrument_share.access.screening.models import Screening
from instrument_share.access.screening.rules import Answer, Question, ScreeningClass
from instrument_share.access.shares.models import FacilityShare
from instrument_share.access.shares.services import set_shares
from instrument_share.accounting.ledger import quotas_of
from instrument_share.booking import services as bookings
from instrument_share.foundation.errors import Forbidden, InvalidInput, NotFound, StaleVersion
from instrument_share.identity.models import Institution
from tests.accounting.story import begin
from tests.support.builders import AT, make_institution, make_person
from tests.support.calls import OPEN, call_draft, make_round, proposal_draft
from tests.support.marks import postgresql_only
from tests.support.overlap import doing, outcomes
from tests.support.scene import make_scene
from tests.support.uploads import upload

EXPORT = ScreeningClass.EXPORT_CONTROL
HARMLESS = {key: Answer("no") for key in ("dual_use", "end_use", "listed_party")}


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
def test_a_document_is_removed_once(session, both):
    story = begin()
    draft = DocumentDraft("Text", DocumentKind.MEMORANDUM, "en", upload())
    document = add_document(story.agreement.reference, draft, by=story.office, at=AT)
    keys = story.agreement.reference, document.file.key
    remove = doing(remove_document, *keys, by=story.office.id)
    assert outcomes(both(remove, remove)) == [None, NotFound]


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
