"""Feeds reach back from the present: these tests take place at one moment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.support.builders import AT
from tests.support.scene import Scene, make_scene


@pytest.fixture(autouse=True)
def present() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(AT, tick=False) as moment:
        yield moment


@pytest.fixture
def scene(session: object) -> Scene:
    return make_scene(setup_minutes=30, teardown_minutes=30)
