"""What the tests of policies share: policies in force, requests, and what became of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from instrument_share.booking.policies import services
from instrument_share.booking.policies.models import ApprovalPolicy
from instrument_share.booking.policies.rules import Policy, PolicyStep
from instrument_share.identity.rules import Role
from instrument_share.notification.models import Message
from tests.support.builders import AT

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MANAGER, SAFETY, OFFICE = Role.FACILITY_MANAGER, Role.SAFETY_OFFICER, Role.INTERNATIONAL_OFFICE


def facility_of(scene) -> tuple[str, str]:
    return "facility", scene.instrument.facility.slug


def in_force(
    scene, *steps: PolicyStep, at: datetime = AT, where=None, by=None, **more
) -> ApprovalPolicy:
    """A policy of the scene's facility that decides from now on."""
    where, by = where or facility_of(scene), by or scene.manager
    services.save_draft(*where, Policy(steps, **more), "", by=by, at=at, revision=None)
    return services.activate(*where, by=by, at=at, revision=None)


def ask(scene, day: int = 1, **values):
    return scene.ask(starts_at=AT + day * DAY, **values)


def statuses(booking) -> list[tuple[str, str]]:
    last = max(step.round for step in booking.steps)
    return [(step.role, step.status) for step in booking.steps if step.round == last]


def told(session, booking, kind: str) -> list[int]:
    rows = session.query(Message).filter_by(booking_id=booking.id, kind=kind)
    return sorted(row.person_id for row in rows)
