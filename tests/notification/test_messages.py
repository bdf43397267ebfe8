"""Whom the actions of a booking tell what, written in the action's own transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from instrument_share.booking import services
from instrument_share.booking.routing import may_decide
from instrument_share.foundation.signals import mail_address_claimed
from instrument_share.foundation.transaction import perform
from instrument_share.identity.acting import actor_of
from instrument_share.identity.rules import PROGRAMME, Role, Scope
from instrument_share.notification.models import Message
from instrument_share.notification.rules import Kind
from tests.support.builders import AT, grant, make_person, request_for


def told(session):
    """Person and kind of every message, in the order in which they were written."""
    rows = session.execute(select(Message.person_id, Message.kind).order_by(Message.id))
    return [(person_id, Kind(kind)) for person_id, kind in rows]


def test_a_request_is_told_to_its_applicant_and_to_whoever_decides_first(session, scene):
    scene.ask()
    assert told(session) == [
        (scene.applicant.id, Kind.RECEIVED),
        (scene.manager.id, Kind.DECISION_NEEDED),
    ]


@pytest.mark.parametrize("kind", ["programme", "institution", "facility", "instrument"])
def test_whoever_may_decide_is_asked_however_wide_their_role(session, scene, kind):
    instrument = scene.instrument
    ids = {
        "programme": None,
        "institution": instrument.facility.host_id,
        "facility": instrument.facility_id,
        "instrument": instrument.id,
    }
    other = make_person()
    grant(other, Role.FACILITY_MANAGER, Scope(kind, ids[kind]))
    booking = scene.ask()
    assert (other.id, Kind.DECISION_NEEDED) in told(session)
    assert may_decide(booking, actor_of(other))


def test_nobody_is_asked_to_decide_their_own_request(session, scene):
    grant(scene.applicant, Role.FACILITY_MANAGER, PROGRAMME)
    scene.ask()
    assert (scene.applicant.id, Kind.DECISION_NEEDED) not in told(session)


def test_each_approval_asks_the_next_and_the_last_one_confirms(session, scene):
    scene.confirm(scene.ask())
    assert told(session)[2:] == [
        (scene.office.id, Kind.DECISION_NEEDED),
        (scene.applicant.id, Kind.CONFIRMED),
        (scene.operator.id, Kind.EXPECTED),
    ]


def test_who_was_asked_learns_that_no_decision_is_needed(session, scene):
    booking = scene.ask()
    services.withdraw(booking.reference, by=scene.applicant, at=AT, version=None)
    assert told(session)[2:] == [
        (scene.applicant.id, Kind.WITHDRAWN),
        (scene.manager.id, Kind.SETTLED_WITHOUT_YOU),
    ]


def test_nobody_is_told_twice_of_one_fact_nor_of_what_they_did_themselves(session, scene):
    facility = Scope("facility", scene.instrument.facility_id)
    grant(scene.manager, Role.OPERATOR, facility)
    booking = scene.confirm(scene.ask())
    before = len(told(session))
    services.cancel(booking.reference, by=scene.manager, at=AT, version=None)
    assert told(session)[before:] == [
        (scene.applicant.id, Kind.CANCELLED),
        (scene.operator.id, Kind.CALLED_OFF),
    ]


def test_a_draft_is_nobodys_business(session, scene):
    services.create_draft(request_for(scene.instrument), by=scene.applicant, at=AT)
    assert told(session) == []


def test_a_refused_request_tells_nobody(session, scene):
    session.commit()
    for _ in range(2):
        try:
            perform(
                services.request_booking, request_for(scene.instrument), by=scene.applicant, at=AT
            )
        except Exception:
            break
    assert len(told(session)) == 2


def test_a_claimed_mail_address_is_told_to_nobody_else(session, scene):
    person = make_person()
    mail_address_claimed.send(person, secret="s3cret", at=AT)
    assert told(session) == [(person.id, Kind.VERIFY_MAIL)]


def test_a_request_writes_its_messages_in_two_statements(session, scene, count_queries):
    with count_queries() as queries:
        scene.ask()
    about = [s for s in queries.statements if "message" in s or "role_grant" in s]
    assert sum("INSERT INTO message" in s for s in about) == 1
    assert sum(" UNION SELECT" in " ".join(s.split()) for s in about) == 1
