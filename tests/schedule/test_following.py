"""Programs that follow calendars while bookings change: by polling a feed, and by the mails that come.

Whatever happens in whatever order, in the end they show what the database holds.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import select

from instrument_share.booking import services
from instrument_share.booking.appointments import STATUS, uid_of
from instrument_share.booking.models import Booking
from instrument_share.booking.rules import LIVE, State
from instrument_share.foundation.calendar.event import Status
from instrument_share.foundation.errors import DomainError
from instrument_share.foundation.transaction import perform
from instrument_share.notification.mail import compose
from instrument_share.notification.models import Message
from instrument_share.schedule.addresses import calendar_url
from tests.support.builders import AT
from tests.support.scene import Scene

DAY = timedelta(days=1)
Shown = set[tuple[str, datetime, datetime, str]]


@dataclass
class Program:
    """A subscribed program: it asks with the validators that it has, and keeps what it got last."""

    client: Any
    path: str
    by_date: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    events: dict[str, Any] = field(default_factory=dict)
    unchanged: int = 0

    def poll(self) -> None:
        answer = self.client.get(self.path, headers=self.headers)
        if answer.status_code == 304:
            self.unchanged += 1
            return
        assert answer.status_code == 200
        self.headers = (
            {"If-Modified-Since": answer.headers["Last-Modified"]}
            if self.by_date
            else {"If-None-Match": answer.headers["ETag"]}
        )
        got = {str(it["UID"]): it for it in icalendar.Calendar.from_ical(answer.data).events}
        for uid, event in got.items():  # an event never falls behind what was told of it before
            assert event["SEQUENCE"] >= self.events.get(uid, event)["SEQUENCE"]
        self.events = got

    @property
    def shown(self) -> Shown:
        return {shown_of(it) for it in self.events.values() if it["STATUS"] != "CANCELLED"}


def shown_of(event: Any) -> tuple[str, datetime, datetime, str]:
    return (
        str(event["UID"]),
        event.start.astimezone(UTC),
        event.end.astimezone(UTC),
        str(event["STATUS"]),
    )


def held(session: Any, scene: Scene) -> Shown:
    """The applicant's live bookings as the database has them."""
    bookings = session.scalars(
        select(Booking).where(Booking.applicant_id == scene.applicant.id, Booking.state.in_(LIVE))
    )
    return {
        (uid_of(it.reference), it.starts_at, it.ends_at, str(STATUS[it.state])) for it in bookings
    }


class Life:
    """Random commands through the services; those that the rules refuse change nothing."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene, self.random, self.at = scene, random.Random(seed), AT
        self.references: list[str] = []

    def step(self) -> None:
        act = self.random.choice(
            (self.ask, self.ask, self.decide, self.decide, self.move, self.drop)
        )
        with contextlib.suppress(DomainError):
            perform(act)
        self.at += timedelta(seconds=self.random.choice((0, 0, 1, 600)))

    def ask(self) -> None:
        start = AT + DAY * self.random.randint(2, 12)
        booking = self.scene.ask(starts_at=start, at=self.at)
        self.references.append(booking.reference)

    def decide(self) -> None:
        by = self.random.choice((self.scene.manager, self.scene.office))
        act = self.random.choice(
            (services.approve,) * 4 + (services.reject, services.request_changes)
        )
        comment = {} if act is services.approve else {"comment": "Not like this."}
        act(self._any(), by=by, at=self.at, version=None, **comment)

    def move(self) -> None:
        start = AT + DAY * self.random.randint(2, 12) + timedelta(hours=4)
        services.reschedule(
            self._any(), by=self.scene.applicant, at=self.at, version=None,
            starts_at=start, ends_at=start + timedelta(hours=2),
        )  # fmt: skip

    def drop(self) -> None:
        act = self.random.choice((services.cancel, services.withdraw))
        act(self._any(), by=self.scene.applicant, at=self.at, version=None)

    def _any(self) -> str:
        return self.random.choice(self.references or ["none"])


@pytest.mark.parametrize("by_date", [False, True], ids=["by ETag", "by date"])
def test_who_polls_ends_with_what_the_database_holds(client, session, scene, present, by_date):
    own = Program(client, "/" + calendar_url(scene.applicant).split("/", 3)[3], by_date)
    public = Program(client, f"/calendars/instruments/{scene.instrument.slug}.ics", by_date)
    session.commit()
    life = Life(scene, seed=7)
    for number in range(40):
        life.step()
        present.move_to(life.at)
        if number % 4 == 0:
            own.poll()
            public.poll()
            assert own.shown == held(session, scene)
    present.move_to(life.at + timedelta(minutes=1))  # what was told for the future by then
    for program in (own, public):
        program.poll()
        program.poll()
        assert program.unchanged
    assert own.shown == held(session, scene)
    assert len(own.shown) >= 2
    wide = {
        (start - timedelta(minutes=30), end + timedelta(minutes=30))
        for _, start, end, _ in own.shown
    }
    assert {(start, end) for _, start, end, _ in public.shown} == wide


def invitations(session: Any, scene: Scene) -> list[icalendar.Calendar]:
    """The applicant's mail that carries a calendar, in the order in which it was written."""
    messages = session.scalars(
        select(Message).where(Message.person_id == scene.applicant.id).order_by(Message.id)
    )
    mails = [
        email.message_from_bytes(compose(it).as_bytes(), policy=email.policy.default)
        for it in messages
    ]
    return [
        icalendar.Calendar.from_ical(part.get_content())
        for mail in mails
        for part in mail.walk()
        if part.get_content_type() == "text/calendar" and not part.get_filename()
    ]


def applied(calendars: list[icalendar.Calendar]) -> Shown:
    """What a program shows after these messages: the revision with the highest SEQUENCE and then the
    latest DTSTAMP counts (RFC 5546 section 2.1.5), a CANCEL takes it away.
    """
    latest: dict[str, tuple[tuple[int, datetime], str, Any]] = {}
    for calendar in calendars:
        (event,) = calendar.events
        uid = str(event["UID"])
        revision = (int(event["SEQUENCE"]), event["DTSTAMP"].dt)
        if uid not in latest or revision >= latest[uid][0]:
            latest[uid] = (revision, str(calendar["METHOD"]), event)
    return {shown_of(event) for _, method, event in latest.values() if method == "REQUEST"}


@pytest.mark.parametrize("order", ["as sent", "backwards", "shuffled"])
def test_whoever_takes_the_mails_in_ends_with_what_the_database_holds(session, scene, order):
    session.commit()
    life = Life(scene, seed=11)
    for _ in range(45):
        life.step()  # some in the same second
    mails = invitations(session, scene)
    assert {str(mail["METHOD"]) for mail in mails} == {"REQUEST", "CANCEL"}
    for mail in mails:
        (event,) = mail.events
        assert str(event["ORGANIZER"]) == "mailto:instrument-share@localhost"
        assert str(event["ATTENDEE"]) == f"mailto:{scene.applicant.email}"
        assert (mail["METHOD"] == "CANCEL") == (event["STATUS"] == Status.CANCELLED)
    if order == "backwards":
        mails.reverse()
    elif order == "shuffled":
        random.Random(3).shuffle(mails)
    told = {(uid, start, end) for uid, start, end, _ in applied(mails)}
    assert told == {(uid, start, end) for uid, start, end, _ in held(session, scene)}


@pytest.mark.parametrize("later", [timedelta(milliseconds=1), timedelta(minutes=5)])
def test_what_is_sent_back_is_the_later_version_in_mail_and_feed(
    client, session, scene, present, later
):
    booking = scene.ask()
    session.commit()
    path = "/" + calendar_url(scene.applicant).split("/", 3)[3]
    before = client.get(path)
    present.move_to(AT + later)
    services.request_changes(
        booking.reference, by=scene.manager, at=AT + later, version=None, comment="Why so long?"
    )
    session.commit()
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    received, changes = invitations(session, scene)
    for first, second in (
        (received, changes),
        map(icalendar.Calendar.from_ical, (before.data, after.data)),
    ):
        (old,), (new,) = first.events, second.events
        assert (new["SEQUENCE"], new["DTSTAMP"].dt) > (old["SEQUENCE"], old["DTSTAMP"].dt)
        assert new["DTSTAMP"].dt == (AT + later).replace(microsecond=0)
        assert new["UID"] == old["UID"]


def test_a_rescheduled_booking_is_the_same_event_later_on(session, scene):
    booking = scene.confirm(scene.ask())
    start = AT + 5 * DAY
    services.reschedule(
        booking.reference, by=scene.applicant, at=AT + timedelta(hours=1), version=None,
        starts_at=start, ends_at=start + timedelta(hours=2),
    )  # fmt: skip
    *before, moved = invitations(session, scene)
    (event,) = moved.events
    assert moved["METHOD"] == "REQUEST"
    assert str(event["UID"]) == uid_of(booking.reference)
    assert event["SEQUENCE"] > max(mail.events[0]["SEQUENCE"] for mail in before)
    assert event.start.astimezone(UTC) == start
    assert booking.state == State.SUBMITTED
