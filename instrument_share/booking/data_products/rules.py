"""Licences under which data are given: SPDX identifiers and their own names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..rules import State

#: https://spdx.org/licenses/; the last one is a reference of our own (SPDX specification, annex D).
LICENCES: Mapping[str, str] = MappingProxyType(
    {
        "CC0-1.0": "CC0 1.0 Universal",
        "CC-BY-4.0": "Creative Commons Attribution 4.0",
        "CC-BY-SA-4.0": "Creative Commons Attribution-ShareAlike 4.0",
        "CC-BY-NC-4.0": "Creative Commons Attribution-NonCommercial 4.0",
        "ODbL-1.0": "Open Data Commons Open Database License 1.0",
        "PDDL-1.0": "Open Data Commons Public Domain Dedication & License 1.0",
        "LicenseRef-agreement": "",  # what the parties agreed on
    }
)
#: Bookings whose data may be described.
GIVING = frozenset({State.CONFIRMED, State.IN_USE, State.COMPLETED, State.SETTLED})
