"""Describing the data of a booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ...catalogue.rules import AccessMode
from ...foundation.database import db
from ...foundation.errors import InvalidInput, NotFound, Refusal
from ...identity import audit
from ...identity.acting import actor_of
from ...identity.models import Person
from ...identity.rules import Permission, may
from ..happenings import Happening, tell_of
from ..models import Booking
from ..queries import booking_for, subject_of
from .models import DataProduct
from .rules import GIVING, LICENCES


class NotGiving(Refusal):
    code = "not_giving"
    message = lazy_gettext("Data are described for confirmed bookings only.")


@dataclass(frozen=True, slots=True)
class Product:
    description: str
    licence: str
    doi: str = ""


def describe_data(reference: str, product: Product, *, by: Person, at: datetime) -> DataProduct:
    """Say what data a booking gives, under which licence, and their DOI where they are published.

    Raises NotFound for who does not run the instrument, NotGiving, and InvalidInput. The applicant is told.
    """
    booking = booking_for(by, reference, to_change=True)
    if booking.access_mode != AccessMode.DATA or not may_describe(by, booking):
        raise NotFound()
    if booking.state not in GIVING:
        raise NotGiving()
    if product.licence not in LICENCES:
        raise InvalidInput(fields={"licence": lazy_gettext("Choose one of the licences.")})
    row = product_of(booking) or DataProduct(booking_id=booking.id)
    row.description, row.licence, row.doi = product.description, product.licence, _doi(product.doi)
    row.changed_at, row.changed_by_id = at, by.id
    db.session.add(row)
    audit.record(
        "data.describe", "booking", reference, by=by.id, at=at, licence=row.licence, doi=row.doi
    )
    tell_of(booking, Happening.DATA_READY, by=by, at=at)
    db.session.flush()
    return row


def may_describe(person: Person, booking: Booking) -> bool:
    return may(actor_of(person), Permission.RUN_BOOKING, subject_of(booking))


def product_of(booking: Booking) -> DataProduct | None:
    return db.session.scalar(
        select(DataProduct)
        .options(joinedload(DataProduct.changed_by))
        .where(DataProduct.booking_id == booking.id)
    )


def _doi(text: str) -> str:
    """The bare `10.…/…` form; '' for none. Raises InvalidInput."""
    if not text:
        return ""
    import idutils

    if not idutils.is_doi(text):
        raise InvalidInput(fields={"doi": lazy_gettext("Write a DOI, as in 10.1234/abcd.")})
    return str(idutils.normalize_doi(text))
