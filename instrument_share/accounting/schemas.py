"""What accounting's faces take and give. Money and hours are decimal strings, minutes whole numbers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, post_load, validate

from ..booking.schemas import ChargeSchema
from ..foundation.http.paging import PageQuery
from ..foundation.http.schema import BaseSchema, Instant, Text
from .queries import UsageFilter

_PERIOD = validate.Regexp(
    r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$",
    error=lazy_gettext("Write the month as year and month, as in 2026-10."),
)
_FILTERS = (
    "since", "until", "booking", "instrument", "host", "institution", "country", "field", "mode",
)  # fmt: skip


def period_field(**more: Any) -> Text:
    """A calendar month, `YYYY-MM`."""
    return Text(most=7, validate=_PERIOD, **more)


class UsageQuery(PageQuery):
    """Which use to list; `[from, until)` is about when it began. Gives `which` and the page."""

    since = Instant(data_key="from", load_default=None)
    until = Instant(load_default=None)
    booking = Text(most=20, load_default=None)
    instrument = Text(most=80, load_default=None)
    host = Text(most=60, load_default=None)
    institution = Text(most=60, load_default=None)
    country = Text(most=2, load_default=None)
    field = Text(most=40, load_default=None)
    mode = Text(most=40, load_default=None)
    served = fields.Boolean(load_default=False)

    @post_load
    def _as_filter(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        served = data.pop("served")
        asked = {name: data.pop(name) or None for name in _FILTERS}
        return {**data, "which": UsageFilter(**asked, served=served)}


class QuotaQuery(BaseSchema):
    """Which quotas: of all agreements that the caller may see or of one; of this year (UTC) unless told."""

    agreement = Text(most=40, load_default=None)
    year = fields.Integer(load_default=None, validate=validate.Range(1990, 2200))


class StatementQuery(PageQuery):
    period = period_field(load_default=None)
    institution = Text(
        most=60, load_default=None, metadata={"description": "slug of the institution billed"}
    )


class IssueStatements(BaseSchema):
    """Bill a month: at all hosts that the caller may bill or at one; to all institutions or to one."""

    period = period_field(required=True)
    host = Text(most=60, load_default=None)
    institution = Text(most=60, load_default=None)


class UsageOut(BaseSchema):
    booking = fields.String()
    instrument = fields.String()
    institution = fields.String(allow_none=True)
    access_mode = fields.String()
    started_at = Instant()
    ended_at = Instant()
    minutes = fields.Integer()
    operator_minutes = fields.Integer()
    samples = fields.Integer()
    note = fields.String()
    charges = fields.List(fields.Nested(ChargeSchema))


class UsagePage(BaseSchema):
    """`minutes` is the sum over all rows, not only this page's."""

    items = fields.List(fields.Nested(UsageOut))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()
    minutes = fields.Integer()


class QuotaOut(BaseSchema):
    """`carried_minutes` came from the year before, or went on to the year after where it is below zero."""

    agreement = fields.String()
    year = fields.Integer()
    granted_minutes = fields.Integer()
    carried_minutes = fields.Integer()
    reserved_minutes = fields.Integer()
    used_minutes = fields.Integer()
    left_minutes = fields.Integer()


class QuotaList(BaseSchema):
    items = fields.List(fields.Nested(QuotaOut))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()


class PartyOut(BaseSchema):
    slug = fields.String()
    name = fields.String()
    country = fields.String()
    ror = fields.String(allow_none=True)


class StatementOut(BaseSchema):
    number = fields.String()
    period = fields.String()
    host = fields.Nested(PartyOut)
    payer = fields.Nested(PartyOut)
    currency = fields.String()
    total = fields.String()
    minutes = fields.Integer()
    issued_at = Instant()


class StatementPage(BaseSchema):
    items = fields.List(fields.Nested(StatementOut))
    total = fields.Integer()
    page = fields.Integer()
    page_size = fields.Integer()


class StatementLineOut(ChargeSchema):
    booking = fields.String()
    instrument = fields.String()
    access_mode = fields.String()
    started_at = Instant()
    ended_at = Instant()


class StatementDetail(StatementOut):
    """`digest` is the SHA-256 of the frozen statement."""

    gross = fields.String()
    discount = fields.String()
    digest = fields.String()
    lines = fields.List(fields.Nested(StatementLineOut))


class IssuedOut(BaseSchema):
    items = fields.List(fields.Nested(StatementOut))
    total = fields.Integer()
