"""Who may what with visits and letters, and what a letter states for good."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from instrument_share.booking import services as booking_services
from instrument_share.booking.letters import services
from instrument_share.booking.letters.document import pages
from instrument_share.booking.letters.errors import LetterOver, NotAsked, NotConfirmed, NotPrintable
from instrument_share.booking.letters.rules import LANGUAGES, Standing, grouped, standing_of
from instrument_share.booking.visits.rules import Phase
from instrument_share.booking.visits.services import enter_visit, tick, write_tasks
from instrument_share.booking.visits.values import VisitPlan
from instrument_share.foundation.errors import InvalidInput, NotFound
from instrument_share.identity.waiting import waiting_for
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.booking.letters.stage import AIGERIM, MOHAMED, PLAN, VERIFY, issued
from tests.support.builders import AT, make_person


def test_who_enters_ticks_and_issues(session, scene, booking):
    for plan in (
        replace(PLAN, arrives_on=date(2026, 3, 5)),
        replace(PLAN, departs_on=date(2026, 3, 1)),
    ):
        with pytest.raises(InvalidInput):
            enter_visit(booking.reference, plan, by=scene.applicant, at=AT)
    visit = enter_visit(booking.reference, PLAN, by=scene.applicant, at=AT)
    assert [each.latin_name for each in visit.visitors] == ["Aigerim Nur", "Mohamed Elhassan"]
    assert {each.phase for each in visit.tasks} == set(Phase)
    task = visit.tasks[0]
    for person in (scene.operator, scene.office, scene.applicant):
        assert tick(booking.reference, task.id, True, by=person, at=AT).done_by == scene.operator
    enter_visit(booking.reference, replace(PLAN, visitors=(MOHAMED,)), by=scene.operator, at=AT)
    assert task.done_at == AT  # entering anew keeps what was ticked
    with pytest.raises(NotFound):
        tick(booking.reference, task.id + 1000, True, by=scene.operator, at=AT)
    with pytest.raises(NotAsked):
        services.issue_letter(booking.reference, VERIFY, by=scene.office, at=AT)
    for person in (scene.operator, scene.manager, make_person()):
        with pytest.raises(NotFound):
            services.issue_letter(booking.reference, VERIFY, by=person, at=AT)
        with pytest.raises(NotFound):
            services.ask_for_letter(booking.reference, "en", by=person, at=AT)
    with pytest.raises(InvalidInput):
        services.ask_for_letter(booking.reference, "xx", by=scene.applicant, at=AT)
    own = scene.ask(starts_at=AT + timedelta(days=3))
    enter_visit(
        own.reference, VisitPlan(date(2026, 3, 5), date(2026, 3, 5), (AIGERIM,)),
        by=scene.applicant, at=AT,
    )  # fmt: skip
    with pytest.raises(NotConfirmed):
        services.ask_for_letter(own.reference, "en", by=scene.applicant, at=AT)


def test_a_facility_writes_its_own_list_of_tasks(session, scene, booking):
    slug = booking.instrument.facility.slug
    with pytest.raises(NotFound):
        write_tasks(slug, {}, by=scene.applicant, at=AT)
    lists = {Phase.ARRIVAL: [{"en": "Show the gate"}, {"en": "Badge"}], Phase.DEPARTURE: []}
    write_tasks(slug, lists, by=scene.manager, at=AT)
    visit = enter_visit(booking.reference, PLAN, by=scene.applicant, at=AT)
    assert [each.texts["en"] for each in visit.tasks] == ["Show the gate", "Badge"]


def test_a_letter_states_the_same_for_good(session, scene, booking):
    letter = issued(scene, booking)
    assert (letter.number.endswith("-L-2026-0001"), letter.snapshot["reference"]) == (
        True, booking.reference,
    )  # fmt: skip
    services.keep_pages(letter, at=AT)
    assert letter.file.sha256 == hashlib.sha256(pages(letter)).hexdigest()
    session.commit()
    for change in ("snapshot = '{}'", "code = 'X'", "number = 'X'"):
        with pytest.raises(DatabaseError, match="letter_frozen"):
            session.execute(text(f"UPDATE letter SET {change}"))
        session.rollback()
    with pytest.raises(DatabaseError, match="letter_frozen"):
        session.execute(text("DELETE FROM letter"))
    session.rollback()
    second = services.issue_letter(booking.reference, VERIFY, by=scene.office, at=AT)
    session.refresh(letter)
    assert second.number.endswith("-0002")
    assert [standing_of(each.superseded_at, each.revoked_at) for each in (letter, second)] == [
        Standing.SUPERSEDED, Standing.VALID,
    ]  # fmt: skip
    with pytest.raises(NotFound):
        services.revoke_letter(booking.reference, second.number, "no", by=scene.manager, at=AT)
    services.revoke_letter(booking.reference, second.number, "Typing error", by=scene.office, at=AT)
    with pytest.raises(LetterOver):
        services.revoke_letter(booking.reference, letter.number, "no", by=scene.office, at=AT)


def test_letters_are_set_in_their_languages_and_refused_where_no_font_has_a_name(
    session, scene, booking
):
    letter = issued(scene, booking, "ar+en")
    for languages in LANGUAGES:
        letter.snapshot = letter.snapshot | {"languages": languages}
        page = pypdfium2.PdfDocument(pages(letter))[0].get_textpage().get_text_range()
        assert letter.number in page
        assert grouped(letter.code) in page
        for said in (
            "Letter of invitation",
            "Aigerim Nur",
            "Cairo University",
            "Signature",
            "Seal",
        ):
            assert said in page, languages
    assert "邀请函" not in page
    session.expire(letter)
    thai = replace(PLAN, visitors=(replace(AIGERIM, name="สมชาย"),))
    enter_visit(booking.reference, thai, by=scene.applicant, at=AT)
    with pytest.raises(NotPrintable) as refused:
        services.issue_letter(booking.reference, VERIFY, by=scene.office, at=AT)
    assert "ส" in str(refused.value)


def test_who_is_told(session, scene, booking):
    letter = issued(scene, booking)
    messages = {
        each.kind: each for each in session.scalars(select(Message).order_by(Message.id)).all()
    }
    asked, told = messages[Kind.LETTER_ASKED], messages[Kind.LETTER_ISSUED]
    assert (asked.person_id, told.person_id) == (scene.office.id, scene.applicant.id)
    assert letter.number in compose(told).get_body(("plain",)).get_content()


def test_a_letter_that_was_asked_for_waits_for_the_office(app, session, scene, booking):
    def waits(person):
        with app.test_request_context():
            return {each.name for each in waiting_for(person, AT)} & {"letters"}

    enter_visit(booking.reference, PLAN, by=scene.applicant, at=AT)
    services.ask_for_letter(booking.reference, "en", by=scene.applicant, at=AT)
    session.flush()
    assert waits(scene.office) == {"letters"}
    assert waits(scene.manager) == waits(scene.applicant) == set()
    services.issue_letter(booking.reference, VERIFY, by=scene.office, at=AT)
    assert waits(scene.office) == set()


def test_a_cancelled_booking_invites_nobody(session, scene, booking):
    letter = issued(scene, booking)
    booking_services.cancel(booking.reference, by=scene.applicant, at=AT, version=None)
    session.refresh(letter)
    assert standing_of(letter.superseded_at, letter.revoked_at) is Standing.REVOKED
