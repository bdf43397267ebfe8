"""What an agreement covers, and for whom: conditions on Agreement that queries are put together from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, exists, or_, select
from sqlalchemy.orm import aliased

from ...catalogue.models import Instrument
from ...identity.models import Institution
from .models import (
    Agreement,
    AgreementCountry,
    AgreementPartner,
    agreement_facility,
    agreement_host,
    agreement_instrument,
)


def covers(instrument_id: object, facility_id: object, host_id: object) -> ColumnElement[bool]:
    """Condition on Agreement: it covers an instrument, by naming it or its facility, or as
    everything of one of its hosts.

    Takes values or columns of an enclosing query.
    """
    facilities = _rows_of(agreement_facility)
    instruments = _rows_of(agreement_instrument)
    hosts = _rows_of(agreement_host)
    return or_(
        exists(facilities.where(agreement_facility.c.facility_id == facility_id)),
        exists(instruments.where(agreement_instrument.c.instrument_id == instrument_id)),
        and_(
            ~exists(facilities),
            ~exists(instruments),
            exists(hosts.where(agreement_host.c.institution_id == host_id)),
        ),
    )


def _rows_of(table: Table) -> Select[Any]:
    return (
        select(table.c.agreement_id)
        .where(table.c.agreement_id == Agreement.id)
        .correlate_except(table)
    )


def is_partner(institution_id: Any) -> ColumnElement[bool]:
    """Condition on Agreement: the institution is one of its partners, by name or by its country."""
    named = select(AgreementPartner.agreement_id).where(
        AgreementPartner.agreement_id == Agreement.id,
        AgreementPartner.institution_id == institution_id,
    )
    home = aliased(Institution)
    by_country = (
        select(AgreementCountry.agreement_id)
        .join(home, home.country == AgreementCountry.country)
        .where(AgreementCountry.agreement_id == Agreement.id, home.id == institution_id)
    )
    return or_(
        exists(named.correlate_except(AgreementPartner)),
        exists(by_country.correlate_except(AgreementCountry, home)),
    )


def names_one_at(facility_id: Any) -> ColumnElement[bool]:
    """Condition on Agreement: it names an instrument of the facility."""
    named = (
        select(agreement_instrument.c.agreement_id)
        .join(Instrument, Instrument.id == agreement_instrument.c.instrument_id)
        .where(
            agreement_instrument.c.agreement_id == Agreement.id,
            Instrument.facility_id == facility_id,
        )
    )
    return exists(named.correlate_except(agreement_instrument, Instrument))
