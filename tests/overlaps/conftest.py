"""Two commands at the same moment, each of which rests on what the other changes: the second sees the first."""

from __future__ import annotations

import pytest

from tests.support.overlap import overlap


@pytest.fixture(autouse=True)
def present(present):
    return present


@pytest.fixture
def both(app, session, database):
    """`both(first, second)`: what each gave or raised, see `overlap`."""

    def run(first, second):
        session.commit()
        found = overlap(app, database, first, second)
        session.rollback()
        session.expire_all()
        return found

    return run
