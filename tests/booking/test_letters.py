"""Visits and letters of invitation: who may what, what a letter states for good, and what its code tells anybody."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from instrument_share.booking import services as booking_services
from instrument_share.booking.letters import services
from instrument_share.booking.letters.document import pages
from instrument_share.booking.letters.errors import LetterOver, NotAsked, NotConfirmed, NotPrintable
from instrument_share.booking.letters.models import Letter
from instrument_share.booking.letters.queries import letter_by_code
from instrument_share.booking.letters.rules import (
    LANGUAGES,
    Standing,
    grouped,
    new_code,
    standing_of,
    typed_code,
)
from instrument_share.booking.letters.texts import TEXTS
from instrument_share.booking.visits.models import Visit
from instrument_share.booking.visits.rules import (
    DayFault,
    Phase,
    VisitorRole,
    fault_of_days,
    initials_of,
)
from instrument_share.booking.visits.services import enter_visit, tick, write_tasks
from instrument_share.booking.visits.values import VisitorEntry, VisitPlan
from instrument_share.foundation.errors import InvalidInput, NotFound
from instrument_share.foundation.interval import Interval
from instrument_share.identity.services import issue_token
from instrument_share.identity.waiting import waiting_for
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import AT, make_person
from tests.support.scene import make_scene
from tests.support.signing import sign_in

VERIFY = "https://share.example/letters/verify"
AIGERIM = VisitorEntry("Әйгерім Нұр", "Aigerim Nur", "KZ", "Al-Farabi University", "researcher")
MOHAMED = VisitorEntry("محمد الحسن", "Mohamed Elhassan", "EG", "Cairo University", "student")
PLAN = VisitPlan(date(2026, 3, 3), date(2026, 3, 4), (AIGERIM, MOHAMED))


@pytest.fixture(autouse=True)
def present():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def scene(session):
    return make_scene()


@pytest.fixture
def booking(session, scene):
    booking = scene.confirm(scene.ask())
    session.commit()
    return booking


def issued(scene, booking, languages="zh-Hans+en") -> Letter:
    enter_visit(booking.reference, PLAN, by=scene.applicant, at=AT)
    services.ask_for_letter(booking.reference, languages, by=scene.applicant, at=AT)
    return services.issue_letter(booking.reference, VERIFY, by=scene.office, at=AT)


def test_days_are_those_of_the_instrument_and_lie_around_the_booking():
    slot = Interval(AT.replace(hour=15), AT.replace(hour=17))  # 23:00 to 01:00 in Shanghai
    day = timedelta(days=1)
    second, third = date(2026, 3, 2), date(2026, 3, 3)
    cases = {
        (second, third): None,
        (second - 60 * day, third + 60 * day): None,
        (third, third): DayFault.AFTER_START,
        (second, second): DayFault.BEFORE_END,
        (third, second): DayFault.ORDER,
        (second - 61 * day, third): DayFault.TOO_EARLY,
        (second, third + 61 * day): DayFault.TOO_LATE,
    }
    for days, fault in cases.items():
        assert fault_of_days(*days, slot, "Asia/Shanghai") == fault, days


@given(st.text(max_size=60))
def test_a_code_is_read_as_people_type_it_and_nothing_else_is_one(noise):
    code = new_code()
    assert len(code) == 28
    assert typed_code(f" {grouped(code).lower()} ") == code
    assert typed_code(grouped(code).replace("1", "l").replace("0", "o")) == code
    assert typed_code(code + noise) in (None, code)
    assert typed_code(noise) is None or len(noise) >= 28


def test_initials_and_every_language_has_every_word():
    assert initials_of("Aigerim  Nur-Bek al-X") == "A. N. A."
    for languages in LANGUAGES:
        for tag in languages.split("+"):
            assert set(TEXTS[tag].roles) == set(VisitorRole)


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
        for said in ("Letter of invitation", "Aigerim Nur", "Cairo University"):
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


def test_the_public_page_tells_no_more_than_the_letter_needs(session, scene, booking, client):
    letter = issued(scene, booking)
    session.commit()
    address = "/letters/verify"
    page = client.get(address, query_string={"code": grouped(letter.code).lower()})
    assert page.status_code == 200
    for shown in (letter.number, "A. N.", "M. E.", "genuine and valid", "March 3, 2026"):
        assert shown in page.text, shown
    for hidden in ("Aigerim", "Cairo", booking.reference, "Kazakhstan", booking.purpose):
        assert hidden not in page.text, hidden
    unknown, malformed = (
        client.get(address, query_string={"code": code}) for code in (new_code(), "guess")
    )
    assert [each.status_code for each in (unknown, malformed)] == [404, 404]
    assert all("There is no such letter" in each.text for each in (unknown, malformed))
    services.revoke_letter(booking.reference, letter.number, "x", by=scene.office, at=AT)
    session.commit()
    assert "was revoked" in client.get(address, query_string={"code": letter.code}).text
    assert letter_by_code(letter.code) == letter
    answer = client.get("/api/v1/letters/verify", query_string={"code": letter.code}).json
    assert (answer["standing"], answer["visitors"], answer["initials"]) == (
        "revoked", 2, ["A. N.", "M. E."],
    )  # fmt: skip


def test_by_form_and_by_program(session, scene, booking, client):
    sign_in(client, scene.applicant)
    address = f"/bookings/{booking.reference}/visit"
    assert scene.applicant.display_name in client.get(address).text
    typed = {
        "rows": "2", "arrives_on": "2026-03-03", "departs_on": "2026-03-04", "name_1": "Әйгерім",
        "country_1": "KZ", "institution_1": "KazNU", "role_1": "researcher",
    }  # fmt: skip
    refused = client.post(address, data=typed)
    assert refused.status_code == 422
    assert 'href="#field-latin_name_1"' in refused.text
    assert "Әйгерім" in client.post(address, data=typed | {"more": "1"}).text
    typed["latin_name_1"] = "Aigerim"
    assert client.post(address, data=typed).status_code == 302
    asked = client.post(f"/bookings/{booking.reference}/letter", data={"languages": "ru+en"})
    assert asked.status_code == 302
    visit = session.scalars(select(Visit)).one()
    ticked = client.post(f"{address}/tasks/{visit.tasks[0].id}", data={"done": "1"})
    assert ticked.status_code == 302
    sign_in(client, scene.office)
    assert client.post(f"/bookings/{booking.reference}/letters").status_code == 302
    letter = session.scalars(select(Letter)).one()
    page = client.get(f"/bookings/{booking.reference}").text
    assert letter.number in page
    assert "Revoke the letter" in page
    pdf = client.get(f"/bookings/{booking.reference}/letters/{letter.number}.pdf")
    assert pdf.data.startswith(b"%PDF-")
    revoked = client.post(
        f"/bookings/{booking.reference}/letters/{letter.number}/revoke", data={"reason": "x"}
    )
    assert revoked.status_code == 302
    sign_in(client, scene.manager)
    tasks = f"/manage/facilities/{booking.instrument.facility.slug}/visit-tasks"
    assert client.post(tasks, data={"arrival_en": "A\nB", "arrival_ar": "A"}).status_code == 422
    assert client.post(tasks, data={"arrival_en": "A\nB"}).status_code == 302
    token, _ = issue_token(scene.applicant, "test", at=AT)
    session.commit()
    head = {"Authorization": f"Bearer {token}"}
    seen = client.get(f"/api/v1{address}", headers=head)
    body = {name: seen.json[name] for name in ("arrives_on", "departs_on", "visitors")}
    assert client.put(f"/api/v1{address}", headers=head, json=body).status_code == 428
    put = client.put(
        f"/api/v1{address}", headers=head | {"If-Match": seen.headers["ETag"]}, json=body
    )
    assert (put.status_code, put.json["visitors"]) == (200, seen.json["visitors"])
    listed = client.get(f"/api/v1/bookings/{booking.reference}/letters", headers=head).json
    assert (listed["total"], listed["items"][0]["standing"]) == (1, "revoked")
