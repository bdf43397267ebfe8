"""Typed values that faces hand to the services of applications."""

from __future__ import annotations

from dataclasses import dataclass

from ...foundation.localized import LocalizedText
from ..rules import InstitutionKind


@dataclass(frozen=True, slots=True)
class ApplicationRequest:
    """What an institution says of itself; `ror` in its full form, domains bare, country as two letters."""

    names: LocalizedText
    country: str
    time_zone: str
    website: str
    mail_domains: tuple[str, ...]
    reason: str
    ror: str | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """As what an institution is admitted, and whether who applied becomes its liaison."""

    kind: InstitutionKind = InstitutionKind.PARTNER
    as_liaison: bool = True
