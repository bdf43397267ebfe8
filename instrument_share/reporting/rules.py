"""What a year is, which figures a report gives, and how much of the open time was used. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from ..foundation.interval import Interval


class Grouping(StrEnum):
    """By what the contribution report sums up use."""

    COUNTRY = "country"
    INSTITUTION = "institution"
    FIELD = "field"
    MODE = "mode"
    INSTRUMENT = "instrument"


class Level(StrEnum):
    """By what utilisation is reported."""

    INSTRUMENT = "instrument"
    FACILITY = "facility"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Sums:
    """What was used: minutes, the number of uses, people who came, minutes of operators, samples."""

    used_minutes: int = 0
    uses: int = 0
    people: int = 0
    operator_minutes: int = 0
    samples: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its key (a code or slug, None where there is none), its names and its sums."""

    key: str | None
    names: Mapping[str, str] | None
    sums: Sums


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the use reached. Partner minutes are those of institutions of other countries than the host's."""

    partner_minutes: int = 0
    institutions: int = 0
    countries: int = 0
    instruments: int = 0


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests that were submitted in the year, and what became of them."""

    asked: int = 0
    approved: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Fees:
    """What use cost in one currency, in minor units: charged to payers and borne as discounts."""

    currency: str
    charged_minor: int
    discount_minor: int


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Minutes that an instrument, a facility or a host was open, of all positions, and those used."""

    key: str
    names: Mapping[str, str]
    open_minutes: int
    used_minutes: int

    @property
    def share(self) -> float | None:
        """Used of open, None where nothing was open; above one where use went beyond opening hours."""
        return self.used_minutes / self.open_minutes if self.open_minutes else None


def year_of(year: int) -> Interval:
    """A calendar year in UTC: use counts in the year in which it began."""
    return Interval(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))


def partner_share(reach: Reach, sums: Sums) -> float | None:
    """The part of the used time that went to partner countries (the action plan's opening rate)."""
    return reach.partner_minutes / sums.used_minutes if sums.used_minutes else None
