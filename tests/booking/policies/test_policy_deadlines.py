"""Deadlines of policies: reminders, silence and escalation by each office's calendar."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from instrument_share.booking import services as bookings
from instrument_share.booking.policies.rules import PolicyStep, Silence
from instrument_share.booking.rules import State
from instrument_share.booking.services.due import (
    DECISION_REMINDERS,
    EXPIRY,
    SILENCE,
    do_due,
    due_bookings,
)
from instrument_share.foundation.transaction import perform
from instrument_share.identity.rules import Role, Scope
from tests.booking.policies.stage import DAY, HOUR, MANAGER, OFFICE, ask, in_force, statuses, told
from tests.support.builders import grant, make_booking, make_person
from tests.support.scene import make_scene


def run_all(at: datetime) -> int:
    """What the worker does at a moment, everything that is due."""
    done = 0
    for duty in (EXPIRY, SILENCE, DECISION_REMINDERS):
        done += sum(perform(do_due, duty, key, at) for key in due_bookings(duty, at))
    return done


def test_deadlines_reminders_and_escalation_over_a_long_weekend_of_two_countries(session):
    """Asked on the eve of National Day in Shanghai and of a weekend in Almaty: each office by its own calendar."""
    asked = datetime(2026, 9, 30, 4, tzinfo=UTC)
    scene = make_scene(horizon_days=200)
    home = scene.applicant.institution
    liaison = make_person(home)
    grant(liaison, Role.LIAISON, Scope("institution", home.id))
    to = {"working_days": 1, "silence": Silence.ESCALATE}
    in_force(
        scene,
        PolicyStep(MANAGER, escalate_to=OFFICE, **to),
        PolicyStep(Role.LIAISON, working_days=1, silence=Silence.APPROVE),
        at=asked,
        hold_days=60,
    )
    booking = make_booking(scene.instrument, scene.applicant, at=asked, starts_at=asked + 60 * DAY)
    manager, theirs = booking.steps
    assert theirs.due_at == datetime(2026, 10, 1, 19, tzinfo=UTC)  # the end of a Thursday in Almaty
    assert manager.due_at == datetime(2026, 10, 8, 16, tzinfo=UTC)  # the holidays last a week
    session.commit()

    seen = []
    moment = asked
    while moment < datetime(2026, 10, 12, tzinfo=UTC):
        moment += HOUR
        if run_all(moment):
            seen.append(moment)
        assert run_all(moment) == 0, "nothing twice"
    assert seen == [
        datetime(2026, 9, 30, 19, tzinfo=UTC),  # the liaison is reminded
        datetime(2026, 10, 1, 19, tzinfo=UTC),  # and their silence is consent
        datetime(2026, 10, 7, 16, tzinfo=UTC),  # the manager is reminded on the first working day
        datetime(2026, 10, 8, 16, tzinfo=UTC),  # and the international office asked
        datetime(2026, 10, 8, 16, tzinfo=UTC) + 24 * HOUR,  # which is reminded, too
    ]  # fmt: skip
    session.expire_all()
    assert statuses(booking) == [(MANAGER, "pending"), (Role.LIAISON, "approved")]
    assert told(session, booking, "decision_reminder").count(scene.manager.id) <= 2
    assert told(session, booking, "decision_escalated") == sorted(
        [scene.manager.id, scene.office.id]
    )
    assert theirs.automatic
    bookings.approve(booking.reference, by=scene.office, at=moment, version=None)
    assert booking.state == State.CONFIRMED


def test_a_worker_that_dies_in_the_middle_leaves_it_to_the_next(session, scene):
    in_force(
        scene,
        PolicyStep(MANAGER, working_days=1, silence=Silence.ESCALATE, escalate_to=OFFICE),
    )
    booking = ask(scene, 20)
    session.commit()
    due = booking.steps[0].due_at
    with pytest.raises(KeyboardInterrupt):
        perform(_dies, booking.id, due)
    session.expire_all()
    assert booking.steps[0].escalated_at is None
    assert told(session, booking, "decision_escalated") == []
    assert run_all(due) >= 1
    assert run_all(due) == 0
    assert told(session, booking, "decision_escalated") == sorted(
        [scene.manager.id, scene.office.id]
    )


def _dies(key: int, at: datetime) -> None:
    assert do_due(SILENCE, key, at)
    raise KeyboardInterrupt
