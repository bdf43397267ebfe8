"""Workers that are killed while a long weekend's silence is dealt with: nothing twice, nothing missing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from instrument_share.booking.models import ApprovalStep, Booking
from instrument_share.booking.policies import services
from instrument_share.booking.policies.rules import Policy, PolicyStep, Silence
from instrument_share.foundation.database import db
from instrument_share.identity.models import AuditEntry
from instrument_share.identity.rules import Role, Scope
from instrument_share.notification.models import Message
from instrument_share.notification.rules import LEASE
from tests.support.builders import grant, make_booking, make_person
from tests.support.later import as_of
from tests.support.postbox import postbox
from tests.support.scene import make_scene
from tests.support.track import eventually, job_worker, work_once

MANAGER, OFFICE = Role.FACILITY_MANAGER, Role.INTERNATIONAL_OFFICE
#: The eve of National Day in Shanghai; Almaty has a weekend of its own, and works between the two.
ASKED = datetime(2026, 9, 30, 4, tzinfo=UTC)
BACK_AT_WORK = datetime(2026, 10, 8, 17, tzinfo=UTC)
BOOKINGS = 90
PATIENCE = 120.0


@pytest.mark.slow
def test_killed_in_the_middle_nothing_is_done_twice_and_nothing_left_out(
    session, environ, tmp_path
):
    scene = asked_on_the_eve(session)
    killed_with = []
    with postbox() as box:
        environ["INSTRUMENT_SHARE_MAIL_URL"] = box.url
        for goal in (BOOKINGS // 6, BOOKINGS // 2):
            with job_worker(as_of(BACK_AT_WORK, environ), tmp_path / "worker.log") as worker:
                eventually(lambda goal=goal: escalated() >= goal, f"{goal} escalated", PATIENCE)
                worker.kill()
                worker.wait()
            killed_with.append(escalated())
        later = as_of(BACK_AT_WORK + LEASE + timedelta(minutes=1), environ)
        work_once(
            later, tmp_path / "worker.log", PATIENCE
        )  # what is left, once their lease is over
    assert killed_with[0] < BOOKINGS, "the first was killed in the middle"

    once_each = {
        (person, "decision_escalated"): BOOKINGS for person in (scene.manager.id, scene.office.id)
    }
    written = Counter(map(tuple, session.execute(select(Message.person_id, Message.kind))))
    assert {key: written[key] for key in once_each} == once_each
    assert told_twice(session) == []
    assert trail_of(session) == {"booking.approve": BOOKINGS, "booking.escalate": BOOKINGS}
    assert escalated() == BOOKINGS
    assert set(box.arrived) == set(session.scalars(select(Message.message_id)))
    assert sum(box.arrived.values()) - len(box.arrived) <= len(killed_with)


def asked_on_the_eve(session):
    """A scene with many requests that nobody answers: the liaison's silence consents, the manager's escalates."""
    scene = make_scene(horizon_days=200)
    home = scene.applicant.institution
    grant(make_person(home), Role.LIAISON, Scope("institution", home.id))
    policy = Policy(
        (
            PolicyStep(MANAGER, working_days=1, silence=Silence.ESCALATE, escalate_to=OFFICE),
            PolicyStep(Role.LIAISON, working_days=1, silence=Silence.APPROVE),
        ),
        hold_days=60,
    )
    where = ("facility", scene.instrument.facility.slug)
    services.save_draft(*where, policy, "", by=scene.manager, at=ASKED, revision=None)
    services.activate(*where, by=scene.manager, at=ASKED, revision=None)
    first = ASKED + timedelta(days=60)
    for number in range(BOOKINGS):
        starts_at = first + timedelta(hours=4 * number)
        make_booking(scene.instrument, scene.applicant, at=ASKED, starts_at=starts_at)
    session.commit()
    return scene


def escalated() -> int:
    """How many steps are another office's now; each time as it is then."""
    done = ApprovalStep.escalated_at.is_not(None)
    count = db.session.scalars(select(func.count(ApprovalStep.id)).where(done)).one()
    db.session.rollback()
    return count


def told_twice(session) -> list[tuple[str, int, str]]:
    """Who was told the same of the same booking more than once."""
    told = (Booking.reference, Message.person_id, Message.kind)
    query = select(*told).join(Message.booking).group_by(*told).having(func.count() > 1)
    return [tuple(row) for row in session.execute(query)]


def trail_of(session) -> dict[str, int]:
    """What the trail says was done after the requests were sent, and how often."""
    query = (
        select(AuditEntry.action, func.count())
        .where(AuditEntry.subject_kind == "booking", AuditEntry.at > ASKED)
        .group_by(AuditEntry.action)
    )
    return dict(map(tuple, session.execute(query)))
