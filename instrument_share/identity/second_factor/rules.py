"""Which code fits when, who must have a second factor, and how often one may guess. Pure."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

import pyotp

from ...foundation.identifiers import random_letters
from ..rules import Actor, Role

#: Whoever oversees everything must have a second factor.
REQUIRED_OF = frozenset({Role.ADMINISTRATOR, Role.PROGRAMME_OFFICER})
STEP_SECONDS = 30
#: Clocks of telephones are off by so many steps at most.
_DRIFT = 1
#: So many wrong codes in a row, and the account takes none for a while.
MOST_WRONG, PAUSE = 5, timedelta(minutes=15)
RECOVERY_CODES = 10
_READ_AS = str.maketrans("OIL", "011", "- \t")


def is_required(actor: Actor) -> bool:
    """Whether a person may use the site only with a second factor."""
    return any(role in REQUIRED_OF for role, _ in actor.grants)


def new_secret() -> str:
    """160 random bits in base 32, as RFC 4226 section 4 recommends."""
    return pyotp.random_base32()


def fitting_step(secret: str, code: str, at: datetime, after: int) -> int | None:
    """The step whose code this is, a later one than `after`; None where it is no such code."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for step in range(max(now - _DRIFT, after + 1), now + _DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def is_pausing(wrong_count: int, wrong_since: datetime | None, at: datetime) -> bool:
    """Whether so many wrong codes were given that no more are taken now."""
    return wrong_count >= MOST_WRONG and wrong_since is not None and at < wrong_since + PAUSE


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits in four groups, to be written down."""
    return ["-".join(random_letters(4) for _ in range(4)) for _ in range(RECOVERY_CODES)]


def plain_recovery_code(text: str) -> str:
    """A recovery code however it was typed: no hyphens, capitals, letters that look like digits as digits."""
    return text.strip().upper().translate(_READ_AS)
