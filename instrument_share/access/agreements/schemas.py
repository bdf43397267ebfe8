"""Agreements on the wire."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ...foundation.http import show
from ...foundation.http.schema import BaseSchema
from .models import Agreement
from .shown import state_of
from .use import Use, UseOfYear


class PartnerOut(BaseSchema):
    """`yearly_minutes` is the partner's own ceiling, null without one."""

    institution = fields.String()
    yearly_minutes = fields.Integer(allow_none=True)


class DiscountOut(BaseSchema):
    access_mode = fields.String()
    percent = fields.Integer()


class CarryOut(BaseSchema):
    """`amount` counts minutes where the rule is `hours`, percent of the yearly quota where it is `percent`."""

    rule = fields.String()
    amount = fields.Integer()


class AgreementOut(BaseSchema):
    """Neither facilities nor instruments: everything of the hosts is covered. Days are inclusive."""

    reference = fields.String()
    title = fields.String()
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    state = fields.String()
    valid_from = fields.Date()
    valid_until = fields.Date()
    yearly_minutes = fields.Integer()
    carry_over = fields.Nested(CarryOut)
    hosts = fields.List(fields.String())
    partners = fields.List(fields.Nested(PartnerOut))
    countries = fields.List(fields.String())
    facilities = fields.List(fields.String())
    instruments = fields.List(fields.String())
    discounts = fields.List(fields.Nested(DiscountOut))
    renews = fields.String(allow_none=True)
    renewed_by = fields.String(allow_none=True)
    version = fields.Integer()


class AgreementList(BaseSchema):
    items = fields.List(fields.Nested(AgreementOut))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()


class UseOut(BaseSchema):
    reserved_minutes = fields.Integer()
    used_minutes = fields.Integer()


class PartnerUseOut(UseOut):
    institution = fields.String()


class MonthUseOut(UseOut):
    month = fields.Integer()


class YearOut(UseOut):
    """A calendar year (UTC) of the quota."""

    year = fields.Integer()
    granted_minutes = fields.Integer()
    carried_minutes = fields.Integer()
    left_minutes = fields.Integer()
    partners = fields.List(fields.Nested(PartnerUseOut))
    months = fields.List(fields.Nested(MonthUseOut))


class AgreementDetail(AgreementOut):
    use = fields.Nested(YearOut)


def agreement_out(agreement: Agreement) -> dict[str, Any]:
    return {
        "reference": agreement.reference,
        "title": show.localized(agreement.titles),
        "titles": dict(agreement.titles),
        "state": state_of(agreement),
        "valid_from": agreement.valid_from,
        "valid_until": agreement.valid_until,
        "yearly_minutes": agreement.yearly_minutes,
        "carry_over": {"rule": agreement.carry_rule, "amount": agreement.carry_amount},
        "hosts": [each.slug for each in agreement.hosts],
        "partners": [
            {"institution": each.institution.slug, "yearly_minutes": each.yearly_minutes}
            for each in agreement.partners
        ],
        "countries": [each.country for each in agreement.countries],
        "facilities": [each.slug for each in agreement.facilities],
        "instruments": [each.slug for each in agreement.instruments],
        "discounts": [
            {"access_mode": each.mode, "percent": each.percent} for each in agreement.discounts
        ],
        "renews": agreement.predecessor.reference if agreement.predecessor else None,
        "renewed_by": agreement.successor.reference if agreement.successor else None,
        "version": agreement.version,
    }


def year_out(use: UseOfYear, year: int, slugs: dict[int, str]) -> dict[str, Any]:
    """`slugs` names the institutions of the partners."""
    return {
        "year": year,
        "granted_minutes": use.granted,
        "carried_minutes": use.carried,
        "left_minutes": use.left,
        **_use_out(use.total),
        "partners": [
            {"institution": slugs[key], **_use_out(part)} for key, part in use.partners.items()
        ],
        "months": [{"month": month, **_use_out(part)} for month, part in use.months.items()],
    }


def _use_out(use: Use) -> dict[str, int]:
    return {"reserved_minutes": use.reserved, "used_minutes": use.used}
