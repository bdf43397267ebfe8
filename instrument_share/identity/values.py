"""Typed values that faces hand to the identity services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

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
    desk_keys: bool | None = None  # None: as it is


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both inclusive and either open; in UTC."""

    first: date | None = None
    last: date | None = None

    def as_details(self) -> dict[str, str]:
        """As the audit trail keeps it: nothing for what is open."""
        ends = {"from": self.first, "until": self.last}
        return {name: day.isoformat() for name, day in ends.items() if day is not None}


ALWAYS = Days()


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is to stand in (by mail address), in which role (a grant's id; None: all of them), from day to day."""

    email: str
    grant_id: int | None
    first_day: date
    last_day: date
