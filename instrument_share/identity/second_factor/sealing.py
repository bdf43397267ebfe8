"""Secrets at rest: encrypted (Fernet) and keyed-hashed, with keys that are derived from SECRET_KEY.

The library is loaded by the first who needs it: it takes 8 MB, and most processes never seal anything.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def seal(secret: str) -> str:
    """The secret, encrypted and authenticated."""
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """What was sealed; None where it was sealed under another SECRET_KEY or is not ours."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def keyed_digest(text: str) -> str:
    """An HMAC-SHA256: what was hashed cannot be guessed by somebody who has only the database."""
    return hmac.new(_key(b"recovery code"), text.encode(), hashlib.sha256).hexdigest()


def _fernet() -> Fernet:
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(_key(b"second factor")))


def _key(purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret = current_app.config["SECRET_KEY"]
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
