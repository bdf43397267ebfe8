"""The secrets of one sign-in, all made of its state and a key that only the installation knows: none is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from flask import current_app

from ...foundation.identifiers import new_secret


@dataclass(frozen=True, slots=True)
class Secrets:
    """`state` comes back with the browser, `nonce` in the id_token; the `verifier` (RFC 7636) is sent by us alone."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


def new_secrets() -> Secrets:
    return secrets_of(new_secret())


def secrets_of(state: str) -> Secrets:
    """The same for the same state. The nonce and the verifier cannot be guessed from it."""
    return Secrets(state, _made_of("nonce", state), _made_of("verifier", state))


def _made_of(purpose: str, state: str) -> str:
    """256 bits in the 43 characters that RFC 7636 section 4.1 asks for."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    made = hmac.new(key, f"openid {purpose} {state}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
