"""What the tests of visits and letters begin with: a confirmed booking."""

from __future__ import annotations

import pytest

from tests.support.scene import make_scene


@pytest.fixture(autouse=True)
def present(present):
    return present


@pytest.fixture
def scene(session):
    return make_scene()


@pytest.fixture
def booking(session, scene):
    booking = scene.confirm(scene.ask())
    session.commit()
    return booking
