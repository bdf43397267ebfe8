"""A project and an allocation as they are written down, before they are rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...foundation.localized import LocalizedText


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """The agreement is named by reference, the lead by mail address."""

    titles: LocalizedText
    kind: str
    field: str
    lead: str
    agreement: str | None = None
    grant_numbers: tuple[str, ...] = ()
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class AllocationDraft:
    """Minutes for a period (both days included) at one facility, named by slug, or anywhere."""

    minutes: int
    starts_on: date
    ends_on: date
    facility: str | None = None
