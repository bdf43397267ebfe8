"""Passwords: Argon2id (RFC 9106) with the library's recommended cost."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: NIST SP 800-63B: length is what counts.
SHORTEST, LONGEST = 12, 200

_hasher = PasswordHasher()
#: The hash of a password that nobody knows, at the recommended cost: not made anew by every process that starts.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$YNT5ZvynSmGs+BWvEUTDoA$3UuqxSxDipImLu2FJjL3ob8keMW217OG1gKomQjmfok"


def hash_password(password: str) -> str:
    """What is stored of a password: its Argon2id hash with salt and cost."""
    return _hasher.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether a password is the one that `stored` was made of; takes as long where there is nothing stored."""
    try:
        fits = _hasher.verify(stored or NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether the cost has been raised since this hash was made."""
    return _hasher.check_needs_rehash(stored)
