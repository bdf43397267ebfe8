"""Passwords: Argon2id (RFC 9106) with the library's recommended cost."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: NIST SP 800-63B: length is what counts.
SHORTEST, LONGEST = 10, 200

_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """What is stored of a password: its Argon2id hash with salt and cost."""
    return _hasher.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether a password is the one that `stored` was made of; takes as long where there is nothing stored."""
    try:
        fits = _hasher.verify(stored or _nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the cost has been raised since this hash was made."""
    return _hasher.check_needs_rehash(stored)
