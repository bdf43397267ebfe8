"""A booking that was allowed once is looked at again when its time comes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from instrument_share.access.errors import NotReady
from instrument_share.access.training.models import Qualification
from instrument_share.booking import services
from tests.support.builders import make_agreement, make_qualification
from tests.support.scene import make_scene
from tests.support.signing import sign_in


@pytest.fixture
def scene(session):
    scene = make_scene(qualification="supervised")
    make_qualification(scene.applicant, scene.instrument, "supervised")
    return scene


def start(scene, booking):
    at = booking.starts_at
    return services.start(booking.reference, by=scene.manager, at=at, version=None)


def test_a_qualification_that_ran_out_stops_the_start_until_it_is_renewed(session, scene):
    booking = scene.confirm(scene.ask())
    (row,) = session.query(Qualification)
    row.valid_until = booking.starts_at.date() - timedelta(days=1)
    session.flush()
    with pytest.raises(NotReady) as refused:
        start(scene, booking)
    assert "run out" in str(refused.value.message)
    assert booking.state == "confirmed"
    row.valid_until = booking.starts_at.date()
    session.flush()
    assert start(scene, booking).state == "in_use"


def test_a_suspended_agreement_stops_the_start(session):
    scene = make_scene()
    agreement = make_agreement(scene.instrument.facility.host, scene.applicant.institution)
    booking = scene.confirm(scene.ask(agreement=agreement.reference))
    agreement.state = "suspended"
    session.flush()
    with pytest.raises(NotReady) as refused:
        start(scene, booking)
    assert agreement.reference in str(refused.value.message)
    assert [each["met"] for each in refused.value.details["conditions"]] == [False]


def test_both_sides_see_it_before_the_day(client, session, scene):
    booking = scene.confirm(scene.ask())
    (row,) = session.query(Qualification)
    row.valid_until = booking.starts_at.date() - timedelta(days=1)
    session.commit()
    sign_in(client, scene.operator)
    page = client.get(f"/bookings/{booking.reference}").text
    assert "cannot be started like this" in page
    assert "The applicant does not hold" in page
    sign_in(client, scene.applicant)
    assert "You need training" in client.get(f"/bookings/{booking.reference}").text
