"""A form without the version that it was made for is bad input, in every room: 422, and nothing is done."""

from __future__ import annotations

from tests.support.marks import sqlite_only

pytestmark = sqlite_only
