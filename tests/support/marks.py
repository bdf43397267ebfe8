"""Short names for parametrisations that many tests share."""

from __future__ import annotations

import pytest

#: For tests about one engine alone; every other test that uses a database runs on both.
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
#: For pages and forms over services that are tested on both: they say the same of the same rows. That every address
#: is answered on PostgreSQL as well is asked in `test_trust.py`.
one_engine = sqlite_only
