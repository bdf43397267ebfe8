"""An agreement as it is written down, before it is a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..foundation.localized import LocalizedText


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """Hosts, partners and facilities are named by slug; no facility means all of the hosts'.

    `partners` maps each partner to its own yearly ceiling in minutes, or None; `discounts` an
    access mode to percent off the list price.
    """

    titles: LocalizedText
    hosts: tuple[str, ...]
    partners: Mapping[str, int | None]
    valid_from: date
    valid_until: date
    yearly_minutes: int
    facilities: tuple[str, ...] = ()
    discounts: Mapping[str, int] = field(default_factory=dict)
    reference: str | None = None
