"""What an office types to write an agreement: hours on the page, minutes inside."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from ...catalogue.rules import AccessMode
from ...foundation.errors import InvalidInput
from ...foundation.http.schema import Day, FormSchema, Text, load, one_sentence
from ...foundation.languages import LANGUAGES
from .models import Agreement
from .rules import MINUTES_PER_HOUR, CarryRule
from .values import AgreementDraft

#: Fields that may be sent several times.
LISTS = ("hosts", "countries", "facilities", "instruments", "partner", "partner_hours")
_SPARE_ROWS = 3
_DAY = one_sentence(lazy_gettext("Choose a day."))
_HOURS = lazy_gettext("Write a whole number of hours.")
_PERCENT = lazy_gettext("Write a percentage from 0 to 100.")


def _whole(most: int, sentence: Any, **more: Any) -> fields.Integer:
    return fields.Integer(
        validate=validate.Range(0, most, error=sentence),
        error_messages=one_sentence(sentence),
        **more,
    )


_TITLES: dict[str, Any] = {
    f"title_{language.tag}": Text(most=300, load_default="") for language in LANGUAGES
}
_DISCOUNTS: dict[str, Any] = {
    f"discount_{mode}": _whole(100, _PERCENT, load_default=0) for mode in AccessMode
}
_FORM = FormSchema.from_dict(
    {
        **_TITLES,
        **_DISCOUNTS,
        "hosts": fields.List(Text(most=60), load_default=list),
        "countries": fields.List(Text(most=2), load_default=list),
        "facilities": fields.List(Text(most=80), load_default=list),
        "instruments": fields.List(Text(most=80), load_default=list),
        "partner": fields.List(Text(most=60), load_default=list),
        "partner_hours": fields.List(Text(most=12), load_default=list),
        "valid_from": Day(required=True, error_messages=_DAY),
        "valid_until": Day(required=True, error_messages=_DAY),
        "yearly_hours": _whole(1_000_000, _HOURS, required=True),
        "carry_rule": fields.Enum(CarryRule, by_value=True, load_default=CarryRule.NONE),
        "carry_amount": _whole(1_000_000, _HOURS, load_default=0),
    },
    name="AgreementForm",
)


def draft_from(form: MultiDict[str, str], predecessor: str | None = None) -> AgreementDraft:
    """The agreement that was typed. Raises InvalidInput, field by field."""
    data = load(_FORM(), {k: v for k, v in typed(form).items() if v != ""})
    return AgreementDraft(
        titles={language.tag: data[f"title_{language.tag}"] for language in LANGUAGES},
        hosts=tuple(data["hosts"]),
        partners=_partners(data["partner"], data["partner_hours"]),
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
        yearly_minutes=data["yearly_hours"] * MINUTES_PER_HOUR,
        countries=tuple(data["countries"]),
        facilities=tuple(data["facilities"]),
        instruments=tuple(data["instruments"]),
        discounts={
            str(mode): data[f"discount_{mode}"] for mode in AccessMode if data[f"discount_{mode}"]
        },
        carry_rule=data["carry_rule"],
        carry_amount=_carry_amount(data["carry_rule"], data["carry_amount"]),
        predecessor=predecessor,
    )


def typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """Everything that was typed, lists as lists."""
    return {**form.to_dict(), **{name: form.getlist(name) for name in LISTS}}


def values_of(agreement: Agreement) -> dict[str, Any]:
    """What the form shows when an agreement is changed."""
    values: dict[str, Any] = {
        f"title_{tag}": text for tag, text in agreement.titles.items() if f"title_{tag}" in _TITLES
    }
    values |= {f"discount_{it.mode}": it.percent for it in agreement.discounts}
    hours = MINUTES_PER_HOUR if agreement.carry_rule == CarryRule.HOURS else 1
    return values | {
        "hosts": [each.slug for each in agreement.hosts],
        "countries": [each.country for each in agreement.countries],
        "facilities": [each.slug for each in agreement.facilities],
        "instruments": [each.slug for each in agreement.instruments],
        "partner": [each.institution.slug for each in agreement.partners],
        "partner_hours": [_hours(each.yearly_minutes) for each in agreement.partners],
        "valid_from": agreement.valid_from.isoformat(),
        "valid_until": agreement.valid_until.isoformat(),
        "yearly_hours": _hours(agreement.yearly_minutes),
        "carry_rule": agreement.carry_rule,
        "carry_amount": agreement.carry_amount // hours or "",
    }


def values_of_renewal(agreement: Agreement) -> dict[str, Any]:
    """What the form of a renewal begins with: the same terms, for as long again, from the day after the last."""
    first = agreement.valid_until + timedelta(days=1)
    length = agreement.valid_until - agreement.valid_from
    last = min(first + length, date(2999, 12, 31))
    days = {"valid_from": first.isoformat(), "valid_until": last.isoformat()}
    return values_of(agreement) | days


def partner_rows(values: dict[str, Any], *, more: bool = False) -> list[tuple[str, Any]]:
    """The rows in which partners are chosen, with a few empty ones behind them."""
    chosen = list(zip(values.get("partner", ()), values.get("partner_hours", ()), strict=False))
    kept = [row for row in chosen if row[0]]
    return [*kept, *[("", "")] * (_SPARE_ROWS * (2 if more else 1))]


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else str(minutes // MINUTES_PER_HOUR)


def _carry_amount(rule: CarryRule, amount: int) -> int:
    match rule:
        case CarryRule.HOURS:
            return amount * MINUTES_PER_HOUR
        case CarryRule.PERCENT:
            return amount
        case _:
            return 0


def _partners(slugs: list[str], hours: list[str]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for slug, text in zip(slugs, hours, strict=False):
        if not slug:
            continue
        if text and not (text.isascii() and text.isdigit()):
            raise InvalidInput(fields={"partners": _HOURS})
        found[slug] = int(text) * MINUTES_PER_HOUR if text else None
    return found
