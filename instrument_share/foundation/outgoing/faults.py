"""Why a server of others could not be asked."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What was in the way, as a stable word."""

    BAD_ADDRESS = "bad_address"
    UNRESOLVED = "unresolved"
    REFUSED_ADDRESS = "refused_address"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"


class CallFailed(Exception):
    """The other side could not be asked, or its answer was not worth waiting for."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(str(why))
