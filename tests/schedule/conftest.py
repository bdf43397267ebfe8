"""Feeds reach back from the present: these tests take place at one moment."""

from __future__ import annotations

import pytest
import time_machine

from tests.support.scene import Scene, make_scene


@pytest.fixture(autouse=True)
def present(present: time_machine.Traveller) -> time_machine.Traveller:
    return present


@pytest.fixture
def scene(session: object) -> Scene:
    return make_scene(setup_minutes=30, teardown_minutes=30)
