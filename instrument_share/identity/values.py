"""Typed values that faces hand to the identity services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

#: How long an API token is good for unless somebody asks for less.
TOKEN_LIFE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody says of themselves to get an account; `institution` is a slug, `orcid` in its bare form."""

    email: str
    password: str
    display_name: str
    latin_name: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    institution: str | None = None
    orcid: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What people change about themselves."""

    display_name: str
    latin_name: str
    language: str
    time_zone: str
    orcid: str | None = None
