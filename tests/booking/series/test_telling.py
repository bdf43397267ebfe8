"""What people are told of a series: once, whatever happens to how many of its bookings."""

from __future__ import annotations

from datetime import timedelta

from instrument_share.booking import services as bookings
from instrument_share.booking.series.services import approve_series, cancel_series
from instrument_share.booking.series.values import Reach
from instrument_share.booking.waiting.services import join
from instrument_share.booking.waiting.values import JoinRequest
from instrument_share.notification.models import Message
from tests.booking.series.stage import TOMORROW, made, occurrences
from tests.support.builders import AT, make_institution, make_person


def test_everybody_is_told_once_of_the_series(scene, session):
    def messages() -> list[tuple[int, str, int]]:
        rows = session.query(Message).order_by(Message.id).all()
        found = [(row.person_id, row.kind, len(row.facts.get("occurrences", [0]))) for row in rows]
        session.query(Message).update({"booking_id": None})  # as if they were of long ago
        return found

    series = made(scene)
    assert messages() == [
        (scene.applicant.id, "received", 4), (scene.manager.id, "decision_needed", 4),
    ]  # fmt: skip
    approve_series(series.reference, by=scene.manager, at=AT, version=None)
    assert messages()[2:] == [(scene.office.id, "decision_needed", 4)]
    bookings.reject(
        occurrences(scene, series)[0].reference, by=scene.office, at=AT, version=None, comment="No"
    )
    approve_series(series.reference, by=scene.office, at=AT, version=None)
    assert messages()[3:] == [
        (scene.applicant.id, "rejected", 1),
        (scene.applicant.id, "confirmed", 3), (scene.operator.id, "expected", 3),
    ]  # fmt: skip
    cancel_series(series.reference, by=scene.applicant, at=AT, version=None, reach=Reach())
    assert messages()[6:] == [
        (scene.applicant.id, "cancelled", 3), (scene.operator.id, "called_off", 3),
    ]  # fmt: skip


def test_whoever_was_asked_about_the_series_hears_that_it_is_off(scene, session):
    series = made(scene)
    cancel_series(series.reference, by=scene.applicant, at=AT, version=None, reach=Reach())
    last = session.query(Message).order_by(Message.id.desc()).first()
    assert (last.person_id, last.kind) == (scene.manager.id, "settled_without_you")


def test_whoever_waits_for_a_cancelled_time_is_told_at_once(scene, session):
    series, waiter = made(scene), make_person(make_institution())
    wish = JoinRequest(
        instrument=scene.instrument.slug, access_mode="on_site", purpose="Thin films",
        since=TOMORROW, until=TOMORROW + timedelta(hours=4), minutes=240, time_zone="UTC",
    )  # fmt: skip
    join(wish, by=waiter, at=AT)
    cancel_series(series.reference, by=scene.applicant, at=AT, version=None, reach=Reach())
    told_to = session.query(Message.person_id, Message.kind).all()
    assert (waiter.id, "offered") in told_to
    assert told_to.count((scene.applicant.id, "cancelled")) == 1
