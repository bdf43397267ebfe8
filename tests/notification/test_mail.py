"""Mails in their reader's language and zone, with the booking as an invitation."""

from __future__ import annotations

import email
import email.policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from instrument_share.booking import services
from instrument_share.booking.appointments import uid_of
from instrument_share.booking.models import Booking
from instrument_share.booking.series.services import create_series
from instrument_share.booking.series.values import SeriesRequest
from instrument_share.foundation.signals import mail_address_claimed
from instrument_share.notification.headers import SpaceKeepingPolicy
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import AT, make_person, request_for


def mail_of(session, kind):
    """The latest mail of that kind, as it goes over the wire and is read at the other end."""
    message = session.scalar(
        select(Message).where(Message.kind == kind).order_by(Message.id.desc()).limit(1)
    )
    written = compose(message).as_bytes()
    assert written.isascii()
    return email.message_from_bytes(written, policy=email.policy.default)


def part(mail, kind):
    (found,) = [p for p in mail.walk() if p.get_content_type() == kind and not p.get_filename()]
    return found


def test_a_mail_has_text_and_html_and_an_invitation(session, scene):
    booking = scene.confirm(scene.ask())
    mail = mail_of(session, Kind.CONFIRMED)
    assert mail["Subject"] == f"Confirmed: {scene.instrument.name('en')}"
    assert mail["To"].addresses[0].addr_spec == scene.applicant.email
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("text/plain", "text/html"):
        text = part(mail, kind).get_content()
        assert booking.reference in text
        assert f"http://127.0.0.1:8000/bookings/{booking.reference}" in text
    invitation = part(mail, "text/calendar")
    assert invitation.get_param("method") == "REQUEST"
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "booking.ics"
    assert attached.get_content() == invitation.get_content()


def test_both_zones_stand_in_the_mail(session, scene):
    scene.ask()  # 2026-03-03 04:00 UTC
    text = part(mail_of(session, Kind.RECEIVED), "text/plain").get_content()
    assert "Your time: Tue, Mar 3, 2026 9:00" in text.replace("\u202f", " ")
    assert "Instrument's time: Tue, Mar 3, 2026 12:00" in text.replace("\u202f", " ")
    assert "Almaty" in text
    assert "Shanghai" in text


def test_one_zone_stands_where_the_clocks_agree(session, scene):
    scene.ask()
    text = part(mail_of(session, Kind.DECISION_NEEDED), "text/plain").get_content()
    assert "Your time" not in text
    assert "Shanghai" in text


@pytest.mark.parametrize(("language", "direction"), [("zh-Hans", "ltr"), ("ar", "rtl")])
def test_a_mail_speaks_its_readers_language(session, scene, language, direction):
    scene.applicant.language = language
    scene.ask()
    mail = mail_of(session, Kind.RECEIVED)
    assert mail["Content-Language"] == language
    html = part(mail, "text/html").get_content()
    assert f'<html lang="{language}" dir="{direction}">' in html
    for text in (html, part(mail, "text/plain").get_content(), mail["Subject"]):
        assert scene.instrument.names[language] in text
    manager = mail_of(session, Kind.DECISION_NEEDED)
    assert manager["Content-Language"] == "en"
    assert scene.instrument.names["en"] in manager["Subject"]


def test_names_of_another_script_stand_isolated_in_an_arabic_mail(session, scene):
    scene.applicant.language = "ar"
    scene.instrument.names = {"en": "NMR (600 MHz)"}
    scene.ask()
    mail = mail_of(session, Kind.RECEIVED)
    text = part(mail, "text/plain").get_content()
    assert "\u2068NMR (600 MHz)\u2069" in text
    assert "\u2068NMR (600 MHz)\u2069" in mail["Subject"]
    html = part(mail, "text/html").get_content()
    assert "<bdi>NMR (600 MHz)</bdi>" in html
    assert "\u2068" not in part(mail_of(session, Kind.DECISION_NEEDED), "text/plain").get_content()


def test_invitations_follow_the_booking(session, scene):
    booking = scene.confirm(scene.ask())
    services.cancel(booking.reference, by=scene.applicant, at=AT, version=None)
    events = []
    for kind, method in (
        (Kind.RECEIVED, "REQUEST"),
        (Kind.CONFIRMED, "REQUEST"),
        (Kind.CANCELLED, "CANCEL"),
    ):
        calendar = icalendar.Calendar.from_ical(
            part(mail_of(session, kind), "text/calendar").get_content()
        )
        assert calendar["METHOD"] == method
        assert calendar.timezones
        events += calendar.events
    assert {str(event["UID"]) for event in events} == {uid_of(booking.reference)}
    assert [str(event["STATUS"]) for event in events] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    sequences = [event["SEQUENCE"] for event in events]
    assert sequences == sorted(set(sequences))
    for event in events:
        assert str(event["ATTENDEE"]) == f"mailto:{scene.applicant.email}"
        assert str(event["ORGANIZER"]) == "mailto:instrument-share@localhost"
        assert (event.start, event.end) == (booking.starts_at, booking.ends_at)


def test_a_mail_tells_what_was_and_not_what_is(session, scene):
    booking = scene.ask()
    services.cancel(booking.reference, by=scene.applicant, at=AT, version=None)
    (event,) = icalendar.Calendar.from_ical(
        part(mail_of(session, Kind.RECEIVED), "text/calendar").get_content()
    ).events
    assert event["STATUS"] == "TENTATIVE"


def test_a_reason_is_quoted_and_cannot_become_markup(session, scene):
    booking = scene.ask()
    comment = "Too long.\n<script>alert(1)</script>"
    services.reject(booking.reference, by=scene.manager, at=AT, version=None, comment=comment)
    mail = mail_of(session, Kind.REJECTED)
    text = part(mail, "text/plain").get_content().replace("\r\n", "\n")
    assert "> Too long.\n> <script>" in text
    html = part(mail, "text/html").get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_names_cannot_begin_a_header(session, scene):
    scene.applicant.display_name = "Li\r\nBcc: all@example.org"
    scene.instrument.names = {"en": "TEM\r\nX-Evil: 1"}
    scene.ask()
    mail = mail_of(session, Kind.RECEIVED)
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert mail["To"].addresses[0].addr_spec == scene.applicant.email


def test_every_attempt_writes_the_same_mail(session, scene):
    scene.ask()
    message = session.scalar(select(Message).where(Message.kind == Kind.RECEIVED))
    first, second = compose(message), compose(message)
    assert first["Message-ID"] == second["Message-ID"] == message.message_id
    assert first["Date"] == second["Date"]


def test_a_mail_address_is_confirmed_by_a_link(session, scene):
    person = make_person(language="ar")
    mail_address_claimed.send(person, secret="s3cret", at=AT)
    mail = mail_of(session, Kind.VERIFY_MAIL)
    assert "http://127.0.0.1:8000/verify-mail/s3cret" in part(mail, "text/plain").get_content()
    assert not list(mail.iter_attachments())


@pytest.mark.parametrize("kind", ["finish", "mark_no_show", "request_changes", "reschedule"])
def test_every_other_mail_can_be_written(session, scene, kind):
    from datetime import timedelta

    from instrument_share.booking.values import FinishedUse

    booking = scene.ask()
    act = {"version": None}
    if kind == "request_changes":
        services.request_changes(
            booking.reference, by=scene.manager, at=AT, comment="Say which samples", **act
        )
    elif kind == "reschedule":
        times = {"starts_at": AT + timedelta(days=2), "ends_at": AT + timedelta(days=2, hours=1)}
        services.reschedule(booking.reference, by=scene.applicant, at=AT, **times, **act)
    else:
        scene.confirm(booking)
        later = booking.starts_at + timedelta(hours=1)
        if kind == "finish":
            services.start(booking.reference, by=scene.operator, at=booking.starts_at, **act)
            use = FinishedUse(booking.starts_at, later)
            services.finish(booking.reference, by=scene.operator, at=later, use=use, **act)
        else:
            services.mark_no_show(booking.reference, by=scene.operator, at=later, **act)
    for message in session.scalars(select(Message)):
        assert compose(message).as_bytes()


def test_a_series_is_one_mail_with_all_its_events(session, scene):
    first = request_for(scene.instrument)
    series, _ = create_series(
        SeriesRequest(first, "FREQ=DAILY;COUNT=15"), by=scene.applicant, at=AT
    )
    mail = mail_of(session, Kind.RECEIVED)
    assert mail["Subject"] == f"Series received: {scene.instrument.name('en')}"
    for kind in ("text/plain", "text/html"):
        text = part(mail, kind).get_content()
        assert f"http://127.0.0.1:8000/series/{series.reference}" in text
        assert "every day, 15 times" in text
        assert "and 3 more" in text
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "series.ics"
    calendar = icalendar.Calendar.from_ical(attached.get_content())
    assert "METHOD" not in calendar
    events = calendar.walk("VEVENT")
    bookings = session.scalars(select(Booking).where(Booking.series_id == series.id)).all()
    assert {str(event["UID"]) for event in events} == {uid_of(each.reference) for each in bookings}
    assert sorted(event.start for event in events) == sorted(each.starts_at for each in bookings)


@given(st.lists(st.text("جامعةالفارж大", min_size=1), min_size=1, max_size=30).map(" ".join))
def test_headers_keep_every_space_however_long(text):
    mail = EmailMessage(policy=SpaceKeepingPolicy(linesep="\r\n", cte_type="7bit"))
    mail["Subject"], mail["To"] = text, Address(text, "reader", "example.org")
    sent = mail.as_bytes()
    # Its newer reader puts spaces into names of several words.
    read = email.message_from_bytes(sent)
    subject, reader = (str(make_header(decode_header(read[name]))) for name in ("Subject", "To"))
    assert (subject, reader) == (text, f"{text} <reader@example.org>")
    assert all(len(line) <= 78 for line in sent.splitlines() if not text.isascii())
    again = email.message_from_string(mail.as_string(), policy=email.policy.default)
    assert again["Subject"] == text
