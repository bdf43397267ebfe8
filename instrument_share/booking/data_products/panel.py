"""The data as the booking's page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from ...identity.models import Person
from ..models import Booking
from .models import DataProduct
from .rules import GIVING, LICENCES
from .services import may_describe, product_of


@dataclass(frozen=True, slots=True)
class DataPanel:
    product: DataProduct | None
    licences: list[tuple[str, str]]
    may_describe: bool
    template: str = "booking/data_products/panel.html"

    @property
    def licence(self) -> str:
        """The licence of the data, by its name."""
        return dict(self.licences)[self.product.licence] if self.product else ""


def data_panel(booking: Booking, person: Person, at: datetime) -> DataPanel:
    licences = [
        (spdx, name or gettext("As agreed between the parties")) for spdx, name in LICENCES.items()
    ]
    describing = booking.state in GIVING and may_describe(person, booking)
    return DataPanel(product_of(booking), licences, describing)
