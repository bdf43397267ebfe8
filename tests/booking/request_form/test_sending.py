"""What comes of the form: a request, a draft, or the draft changed."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.booking.request_form.stage import bookings, form
from tests.support.builders import make_agreement, make_project
from tests.support.marks import one_engine

pytestmark = one_engine


def test_sending_makes_a_submitted_booking(desk, client, session) -> None:
    answer = client.post(desk.address, data=form())
    (booking,) = bookings(session)
    assert answer.status_code == 302
    assert answer.location.endswith(f"/bookings/{booking.reference}")
    assert booking.state == "submitted"
    assert booking.starts_at.isoformat() == "2026-03-03T01:00:00+00:00"
    assert booking.ends_at - booking.starts_at == timedelta(hours=4)


def test_time_may_be_written_on_the_readers_clock(desk, client, session) -> None:
    client.post(desk.address, data=form(zone="reader", start="06:00", end="10:00"))
    (booking,) = bookings(session)
    assert booking.starts_at.isoformat() == "2026-03-03T01:00:00+00:00"


def test_booking_may_end_on_another_day(desk, client, session) -> None:
    client.post(desk.address, data=form(start="22:00", end="02:00", ends_on="2026-03-04"))
    (booking,) = bookings(session)
    assert booking.ends_at - booking.starts_at == timedelta(hours=4)


def test_draft_holds_nothing(desk, client, session) -> None:
    client.post(desk.address, data=form(do="draft"))
    (booking,) = bookings(session)
    assert (booking.state, booking.position) == ("draft", None)


def test_everything_that_was_chosen_is_kept_with_the_booking(desk, client, session) -> None:
    agreement = make_agreement(desk.instrument.facility.host, desk.researcher.institution)
    project = make_project(desk.researcher)
    samples = {
        "samples-0-name": "硅片 \u2067عينة\u2069 🔬",
        "samples-0-count": "12",
        "samples-1-name": "",
        "samples-1-count": "1",
        "samples-3-name": "Powder",
        "samples-3-hazard": "fine dust",
        "samples-3-afterwards": "destroy",
    }
    chosen = form(agreement=agreement.reference, project=project.reference, access_mode="remote")
    client.post(desk.address, data=chosen | samples)
    (booking,) = bookings(session)
    assert booking.agreement.reference == agreement.reference
    assert booking.project.reference == project.reference
    assert booking.access_mode == "remote"
    assert [(s.name, s.count, s.hazard, s.afterwards) for s in booking.samples] == [
        ("硅片 \u2067عينة\u2069 🔬", 12, "", "return"),
        ("Powder", 1, "fine dust", "destroy"),
    ]


def test_two_submits_of_one_form_make_one_booking(desk, client, session) -> None:
    first = client.post(desk.address, data=form())
    second = client.post(desk.address, data=form())
    assert len(bookings(session)) == 1
    assert (second.status_code, second.location) == (302, first.location)


def test_a_changed_form_that_was_sent_before_is_asked_about(desk, client, session) -> None:
    client.post(desk.address, data=form())
    answer = client.post(desk.address, data=form(start="14:00", end="15:00"))
    assert answer.status_code == 422
    assert "You have sent this form before" in answer.text
    key = re.search(r'name="submission" value="([^"]+)"', answer.text)[1]
    client.post(desk.address, data=form(start="14:00", end="15:00", submission=key))
    assert len(bookings(session)) == 2


def test_draft_is_changed_and_sent_from_its_form(desk, client, session) -> None:
    client.post(desk.address, data=form(do="draft"))
    (booking,) = bookings(session)
    address = f"/bookings/{booking.reference}/edit"
    page = client.get(address).text
    assert 'value="09:00"' in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    answer = client.post(address, data=form(start="10:00", end="11:00", version=version))
    assert answer.status_code == 302
    session.refresh(booking)
    assert booking.state == "submitted"
    assert booking.starts_at.hour == 2


def test_stale_draft_is_not_overwritten(desk, client, session) -> None:
    client.post(desk.address, data=form(do="draft"))
    (booking,) = bookings(session)
    version = booking.version
    address = f"/bookings/{booking.reference}/edit"
    client.post(address, data=form(do="draft", purpose="First change", version=version))
    answer = client.post(address, data=form(do="draft", purpose="Second change", version=version))
    assert answer.status_code == 409
    assert "Second change" in answer.text
    session.refresh(booking)
    assert booking.purpose == "First change"


def test_without_its_csrf_token_the_form_writes_nothing(desk, client, app, session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = client.get(desk.address).text
    assert client.post(desk.address, data=form()).status_code == 400
    assert bookings(session) == []
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    assert client.post(desk.address, data=form(csrf_token=token)).status_code == 302
    assert len(bookings(session)) == 1
