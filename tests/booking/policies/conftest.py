"""The scene that every test of policies begins with."""

from __future__ import annotations

import pytest

from tests.support.scene import make_scene


@pytest.fixture
def scene(session):
    return make_scene()
