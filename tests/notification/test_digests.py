"""When mails go: digests, quiet hours and what cannot wait, on the reader's clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from instrument_share.booking import services as bookings
from instrument_share.booking.conversation.services import say
from instrument_share.booking.conversation.values import Words
from instrument_share.foundation import clock
from instrument_share.foundation.transaction import perform
from instrument_share.notification.digests import services
from instrument_share.notification.digests.rules import (
    AT_ONCE,
    Group,
    Pace,
    Plan,
    Quiet,
    Way,
    Wishes,
    plan_of,
    quiet_until,
)
from instrument_share.notification.models import Message
from instrument_share.notification.outbox import claim_due, send_due
from instrument_share.notification.rules import LEASE, Kind
from tests.support.builders import AT
from tests.support.signing import sign_in

NIGHT = Quiet(time(22), time(7))
DAILY = Wishes(dict.fromkeys(Group, Pace.DAILY), hour=8)
ZONES = (
    "Asia/Almaty",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/St_Johns",
    "Africa/Cairo",
    "Pacific/Apia",
)


# --- the pure part --------------------------------------------------------------------------------

walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
wishes_made = st.builds(
    Wishes,
    st.dictionaries(st.sampled_from(Group), st.sampled_from(Pace)),
    st.integers(0, 23),
    st.integers(0, 6),
    st.none() | st.builds(Quiet, walls, walls).filter(lambda quiet: quiet.start != quiet.end),
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC, microsecond=0)
)


@settings(max_examples=300)
@given(
    wishes_made,
    st.sampled_from(ZONES),
    moments,
    st.sampled_from(sorted(set(Kind) - AT_ONCE - {Kind.DIGEST})),
)
def test_what_waits_waits_for_a_while_and_then_goes(wishes, name, at, kind):
    zone = ZoneInfo(name)
    plan = plan_of(kind, wishes, zone, at)
    if plan.at is None:
        assert plan.way in (Way.SEND, Way.DROP)
        return
    assert at < plan.at <= at + timedelta(days=9)
    assert quiet_until(wishes.quiet, zone, plan.at) is None
    if plan.way is Way.HOLD:
        assert plan.at <= at + timedelta(hours=26)
        assert plan_of(kind, wishes, zone, plan.at) == Plan(Way.SEND)
    else:
        assert plan_of(Kind.DIGEST, wishes, zone, plan.at).way is Way.SEND


def local(text: str, zone: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "at", "quiet", "end"),
    [
        ("Asia/Almaty", "2026-03-02 23:00", NIGHT, "2026-03-03 07:00"),
        ("Asia/Almaty", "2026-03-03 06:59", NIGHT, "2026-03-03 07:00"),
        ("Asia/Almaty", "2026-03-03 07:00", NIGHT, None),
        ("Asia/Kathmandu", "2026-03-02 12:10", Quiet(time(12), time(13)), "2026-03-02 13:00"),
        # the night in which the clocks go forward is an hour shorter, and its end falls into the gap
        ("Europe/Berlin", "2026-03-28 23:00", NIGHT, "2026-03-29 07:00"),
        ("Europe/Berlin", "2026-03-29 01:30", Quiet(time(1), time(2, 30)), "2026-03-29 03:00"),
    ],
)
def test_quiet_hours_end_on_the_readers_clock(zone, at, quiet, end):
    expected = local(end, zone) if end else None
    assert quiet_until(quiet, ZoneInfo(zone), local(at, zone)) == expected


def test_where_the_clocks_go_back_the_end_that_is_ahead_counts():
    quiet, zone = Quiet(time(1), time(2, 30)), "Europe/Berlin"
    again = local("2026-10-25 02:10", zone, fold=1)
    assert quiet_until(quiet, ZoneInfo(zone), again) == local("2026-10-25 02:30", zone, fold=1)


def test_digests_come_at_their_hour_and_day_and_not_in_the_quiet_hours():
    zone, kind = ZoneInfo("Asia/Almaty"), Kind.RECEIVED

    def due(at: str, **wishes) -> datetime | None:
        return plan_of(kind, Wishes(**wishes), zone, local(at, "Asia/Almaty")).at

    daily, weekly = {Group.BOOKINGS: Pace.DAILY}, {Group.BOOKINGS: Pace.WEEKLY}
    assert due("2026-03-02 07:59", paces=daily) == local("2026-03-02 08:00", "Asia/Almaty")
    assert due("2026-03-02 08:00", paces=daily) == local("2026-03-03 08:00", "Asia/Almaty")
    assert due("2026-03-02 09:00", paces=weekly) == local("2026-03-09 08:00", "Asia/Almaty")
    early = due("2026-03-02 09:00", paces=daily, hour=5, quiet=NIGHT)
    assert early == local("2026-03-03 07:00", "Asia/Almaty")


def test_what_cannot_wait_does_not():
    zone = ZoneInfo("UTC")
    wishes = Wishes(dict.fromkeys(Group, Pace.WEEKLY), quiet=Quiet(time(0), time(23, 59)))
    for kind, hours, way in (
        (Kind.CANCELLED, 23, Way.SEND), (Kind.CANCELLED, 25, Way.DIGEST),
        (Kind.TRAINING_CANCELLED, 23, Way.SEND), (Kind.TRAINING_MOVED_UP, 23, Way.SEND),
        (Kind.CANCELLED, -1, Way.DIGEST), (Kind.FINISHED, 1, Way.DIGEST),
        (Kind.OFFERED, 99, Way.SEND), (Kind.VERIFY_MAIL, 99, Way.SEND),
    ):  # fmt: skip
        plan = plan_of(kind, wishes, zone, AT, begins=AT + timedelta(hours=hours))
        assert (plan.way, kind) == (way, kind)


# --- the worker -----------------------------------------------------------------------------------


@pytest.fixture
def told(session, scene):
    """An applicant in Almaty (09:00) who gets digests at 08:00, and two messages for them."""
    services.wish(DAILY, by=scene.applicant, at=AT)
    booking = scene.ask(starts_at=AT + timedelta(days=3))
    say(booking.reference, Words("Bring it"), by=scene.manager, at=AT)
    session.commit()
    return booking


DUE = local("2026-03-03 08:00", "Asia/Almaty")


def send(post, worker="w1"):
    return send_due(post, worker=worker, now=clock.now)


def to(post, person):
    return [mail for mail in post.mails if person.email in mail["To"]]


def test_a_digest_is_one_mail_with_each_message_once(session, scene, told, post, present):
    assert (send(post), send(post)) == (1, 0)  # the manager's
    assert to(post, scene.applicant) == []
    present.move_to(DUE - timedelta(seconds=1))
    assert send(post) == 0
    present.move_to(DUE)
    assert (send(post), send(post)) == (1, 0)
    (mail,) = to(post, scene.applicant)
    text = mail.get_body(("plain",)).get_content()
    assert (mail["Subject"], mail["Date"].datetime) == ("2 messages for you", DUE)
    assert text.count("Request received:") == text.count("New message:") == 1
    assert "> Bring it" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    session.expire_all()
    mine = session.scalars(select(Message).where(Message.person_id == scene.applicant.id)).all()
    assert {(message.sent_at, message.next_attempt_at) for message in mine} == {(DUE, None)}


def test_a_worker_that_dies_between_changes_nothing_of_it(session, scene, told, post, present):
    class Dies:
        def send(self, mail):
            post.send(mail)
            raise SystemExit

    send(post)
    present.move_to(DUE)
    with pytest.raises(SystemExit):
        send(Dies(), "w1")
    say(told.reference, Words("And this"), by=scene.manager, at=DUE)  # too late for this one
    session.commit()
    present.move_to(DUE + LEASE)
    send(post, "w2")
    first, again = to(post, scene.applicant)
    assert first["Message-ID"] == again["Message-ID"]
    bodies = [mail.get_body(("plain",)).get_content() for mail in (first, again)]
    assert bodies[0] == bodies[1]
    assert "And this" not in bodies[1]
    present.move_to(DUE + timedelta(days=1))
    send(post, "w2")
    (late,) = to(post, scene.applicant)[2:]
    assert "And this" in late.get_body(("plain",)).get_content()


def test_two_workers_fill_one_digest(session, scene, told, post):
    claimed = perform(claim_due, worker="w1", at=AT)
    assert len(claimed) == 3
    send(post, "w2")
    assert session.scalars(select(Message).where(Message.kind == Kind.DIGEST)).all() == []


def test_quiet_hours_hold_a_mail_and_an_urgent_one_passes(session, scene, post, present):
    whole_day = Quiet(time(9), time(21))
    services.wish(Wishes(quiet=whole_day), by=scene.applicant, at=AT)
    booking = scene.ask(starts_at=AT + timedelta(hours=20))
    session.commit()
    send(post)
    assert to(post, scene.applicant) == []
    bookings.cancel(booking.reference, by=scene.manager, at=AT, version=None)
    session.commit()
    send(post)
    assert [mail["Subject"].split(":")[0] for mail in to(post, scene.applicant)] == ["Cancelled"]
    present.move_to(local("2026-03-02 21:00", "Asia/Almaty"))
    send(post)
    assert len(to(post, scene.applicant)) == 2


def test_what_is_wished_only_on_the_site_is_not_mailed(client, session, scene, post):
    services.wish(Wishes({Group.BOOKINGS: Pace.NONE}), by=scene.applicant, at=AT)
    scene.ask()
    session.commit()
    send(post)
    assert to(post, scene.applicant) == []
    sign_in(client, scene.applicant)
    assert "Request received" in client.get("/inbox").text


# --- pages ----------------------------------------------------------------------------------------


def test_wishes_are_chosen_on_a_page(client, session, scene):
    sign_in(client, scene.applicant)
    form = {
        "bookings": "daily", "hour": "6", "weekday": "2", "quiet_from": "22:00", "quiet_until": "07:00",
    }  # fmt: skip
    assert client.post("/account/notifications", data=form).status_code == 302
    wishes = services.wishes_of(scene.applicant)
    assert (wishes.pace_of(Kind.RECEIVED), wishes.hour, wishes.quiet) == (Pace.DAILY, 6, NIGHT)
    assert 'value="22:00"' in client.get("/account/notifications").text
    for field, value in (
        ("quiet_until", ""),
        ("hour", "24"),
        ("bookings", "hourly"),
        ("quiet_from", "x"),
        ("quiet_from", "22:00+05:00"),
    ):
        refused = client.post("/account/notifications", data=form | {field: value})
        assert (refused.status_code, "field--error" in refused.text) == (422, True), field


def test_one_click_unsubscribes_without_sign_in_or_form(app, client, session, scene):
    app.config["WTF_CSRF_ENABLED"] = True
    services.wish(
        Wishes({Group.BOOKINGS: Pace.DAILY, Group.CONVERSATIONS: Pace.SINGLE}),
        by=scene.applicant,
        at=AT,
    )
    address = f"/unsubscribe/{services.unsubscribe_token(scene.applicant.id)}"
    assert "Stop them" in client.get(address).text
    assert services.wishes_of(scene.applicant).pace_of(Kind.RECEIVED) is Pace.DAILY
    assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    wishes = services.wishes_of(scene.applicant)
    assert wishes.pace_of(Kind.RECEIVED) is Pace.NONE
    assert wishes.pace_of(Kind.REMARK) is Pace.SINGLE
    assert client.post(address[:-2]).status_code == 404
