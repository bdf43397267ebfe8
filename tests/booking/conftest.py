"""What most tests of bookings begin with."""

from __future__ import annotations

import pytest

from tests.support.scene import Scene, make_scene


@pytest.fixture
def scene(session) -> Scene:
    """The plain one; rooms that need more on the stage have one of their own."""
    return make_scene()
