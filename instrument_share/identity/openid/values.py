"""What travels between the protocol, the services and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of somebody, its signature checked. `email` is what it says; see `rules.trusted_mail`."""

    issuer: str
    subject: str
    email: str = ""
    is_email_verified: bool = False
    name: str = ""

    @classmethod
    def of(cls, issuer: str, told: Mapping[str, Any]) -> Claims:
        """From the claims of an id_token (OpenID Connect Core 1.0 section 5.1), of which everything may be missing."""
        parts = (_text(told, "given_name"), _text(told, "family_name"))
        return cls(
            issuer=issuer,
            subject=str(told["sub"]),
            email=_text(told, "email").lower(),
            is_email_verified=told.get("email_verified") is True,
            name=_text(told, "name") or " ".join(part for part in parts if part),
        )


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return " ".join(value.split())[:200] if isinstance(value, str) and value.isprintable() else ""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody adds to what the provider said; `email` only where the provider proved none."""

    display_name: str
    latin_name: str
    language: str
    time_zone: str
    institution: str | None
    email: str
