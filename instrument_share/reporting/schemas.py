"""What reporting's faces take and give. Times are minutes, money decimal strings."""

from __future__ import annotations

from flask_babel import lazy_gettext
from marshmallow import fields, validate

from ..foundation.http.schema import BaseSchema, Instant, Text
from .rules import Level


class ContributionQuery(BaseSchema):
    """A calendar year (UTC), this one unless told; of one institution or of all that the caller reports on."""

    year = fields.Integer(
        load_default=None,
        validate=validate.Range(1990, 2200, error=lazy_gettext("Give a year, as in 2026.")),
        error_messages={"invalid": lazy_gettext("Give a year, as in 2026.")},
    )
    institution = Text(most=60, load_default=None)


class UtilisationQuery(BaseSchema):
    """`[from, until)`, by default this year until now; by instrument, facility or host."""

    since = Instant(data_key="from", load_default=None)
    until = Instant(load_default=None)
    by = fields.Enum(
        Level,
        by_value=True,
        load_default=Level.INSTRUMENT,
        error_messages={"unknown": lazy_gettext("Choose instrument, facility or host.")},
    )


class SumsOut(BaseSchema):
    used_minutes = fields.Integer()
    uses = fields.Integer()
    people = fields.Integer()
    operator_minutes = fields.Integer()
    samples = fields.Integer()


class RowOut(SumsOut):
    key = fields.String(allow_none=True)
    name = fields.String()


class FeesOut(BaseSchema):
    currency = fields.String()
    charged = fields.String()
    discount = fields.String()


class TotalsOut(SumsOut):
    """`partner_minutes` are those of institutions of other countries than the host's; `partner_share` is 0 to 1."""

    partner_minutes = fields.Integer()
    partner_share = fields.Float(allow_none=True)
    institutions = fields.Integer()
    countries = fields.Integer()
    instruments = fields.Integer()
    asked = fields.Integer()
    approved = fields.Integer()
    rejected = fields.Integer()
    trained = fields.Integer()
    fees = fields.List(fields.Nested(FeesOut))


class ContributionOut(BaseSchema):
    """An instrument of several fields counts in each of them; every other table sums up to the totals."""

    year = fields.Integer()
    institution = fields.String(allow_none=True)
    since = Instant(data_key="from")
    until = Instant()
    totals = fields.Nested(TotalsOut)
    by_country = fields.List(fields.Nested(RowOut))
    by_institution = fields.List(fields.Nested(RowOut))
    by_field = fields.List(fields.Nested(RowOut))
    by_mode = fields.List(fields.Nested(RowOut))
    by_instrument = fields.List(fields.Nested(RowOut))


class UtilisationRow(BaseSchema):
    key = fields.String()
    name = fields.String()
    open_minutes = fields.Integer()
    used_minutes = fields.Integer()
    share = fields.Float(allow_none=True)


class UtilisationOut(BaseSchema):
    since = Instant(data_key="from")
    until = Instant()
    by = fields.String()
    items = fields.List(fields.Nested(UtilisationRow))
    total = fields.Integer()
