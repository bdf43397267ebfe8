"""Short names for parametrisations that many tests share."""

from __future__ import annotations

import pytest

#: For tests about one engine alone; every other test that uses a database runs on both.
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
