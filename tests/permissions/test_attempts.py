"""Attempts to reach what one may not, each by hand: refused, logged, and without a word about what is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
import time_machine
from sqlalchemy import func, select

from instrument_share.booking.models import Booking
from instrument_share.identity.models import AuditEntry, Person
from tests.support.builders import AT, make_agreement
from tests.support.marks import sqlite_only
from tests.support.provider import SOMEBODY_ELSES
from tests.support.scene import Scene, make_scene

from .attempts import ATTEMPTS, PURPOSE, Stage
from .attempts.over_or_forged import PROFILE, invited
from .attempts.roles_elsewhere import as_deputy
from .cast import cast_of

pytestmark = sqlite_only

#: Answers that say nothing of what is there.
SILENT = frozenset({401, 403, 404, 410, 422})


@pytest.fixture
def environ(environ):
    return environ | SOMEBODY_ELSES


@pytest.fixture
def stage(session, client, remembered) -> Iterator[Stage]:
    with time_machine.travel(AT, tick=False):
        yield Stage(*remembered(_asked_for), client, session)


def _asked_for() -> tuple[Scene, dict[str, Person | None], Booking]:
    scene = make_scene()
    cast = cast_of(scene)
    make_agreement(scene.instrument.facility.host, scene.applicant.institution)
    return scene, cast, scene.ask(purpose=PURPOSE)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_it_is_refused_logged_and_says_nothing(stage, name):
    before = stage.session.scalar(select(func.count(AuditEntry.sequence)))
    with structlog.testing.capture_logs() as logs:
        answer = ATTEMPTS[name](stage)
    assert answer.status_code in SILENT, (answer.status_code, answer.text[:300])
    for secret in (PURPOSE, stage.scene.applicant.email):
        assert secret not in answer.text
    (line,) = [each for each in logs if each["event"] == "request"][-1:]
    assert line["status"] == answer.status_code
    stage.session.expire_all()
    assert stage.booking.state == "submitted"
    assert all(step.decided_at is None for step in stage.booking.steps)
    decided = (
        "booking.approve",
        "booking.reject",
        "account.vouch",
        "role.grant",
        "account.view_as",
    )
    after = stage.session.scalars(select(AuditEntry.action).where(AuditEntry.sequence > before))
    assert not set(after) & set(decided)


def test_what_is_not_there_is_refused_in_the_same_words(stage):
    stranger = stage.as_("X")
    there = stranger.get(f"/bookings/{stage.reference}")
    nowhere = stranger.get("/bookings/B-00000000")
    assert there.status_code == nowhere.status_code == 404
    assert there.text.replace(stage.reference, "") == nowhere.text.replace("B-00000000", "")


@pytest.mark.parametrize(
    ("the_right_way", "status"),
    [
        pytest.param(lambda on: on.act("m", "approve"), 200, id="the manager"),
        pytest.param(lambda on: as_deputy(on, first=-1, last=3), 200, id="their deputy"),
        pytest.param(
            lambda on: on.client.post(f"/join/invitation/{invited(on, AT)}", data=PROFILE),
            302,
            id="an invitation",
        ),
    ],
)
def test_the_right_way_works(stage, the_right_way, status):
    """So that the refusals above are not those of a broken stage."""
    assert the_right_way(stage).status_code == status
