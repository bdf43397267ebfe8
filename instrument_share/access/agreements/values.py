"""An agreement as it is written down, before it is a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ...foundation.localized import LocalizedText
from .rules import CarryRule


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """Hosts, partners, facilities and instruments are named by slug; neither facility nor instrument means everything
    of the hosts.

    `partners` maps each partner to its own yearly ceiling in minutes, or None; `discounts` an access mode to percent
    off the list price. `carry_amount` counts minutes or percent, as `carry_rule` says. `predecessor` is the reference
    of the agreement that this one renews.
    """

    titles: LocalizedText
    hosts: tuple[str, ...]
    partners: Mapping[str, int | None]
    valid_from: date
    valid_until: date
    yearly_minutes: int
    countries: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    discounts: Mapping[str, int] = field(default_factory=dict)
    carry_rule: CarryRule = CarryRule.NONE
    carry_amount: int = 0
    reference: str | None = None
    predecessor: str | None = None
