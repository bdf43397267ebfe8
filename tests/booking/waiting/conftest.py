"""What the tests of the waiting list begin with."""

from __future__ import annotations

import pytest

from tests.support.scene import Scene, make_scene


@pytest.fixture
def scene(session) -> Scene:
    return make_scene()
