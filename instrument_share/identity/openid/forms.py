"""What somebody adds to what the provider said: typed values out of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import ValidationError, post_load, validates_schema

from ...foundation.http.schema import FormSchema, Text, load
from ..queries import institution_by_slug
from ..schemas import MailAddress, language_field, zone_field
from .values import NewAccount

_AGREE = lazy_gettext("Say that you agree: without it there can be no account.")


class NewAccountForm(FormSchema):
    display_name = Text(required=True)
    latin_name = Text(load_default="")
    email = MailAddress(required=True)
    language = language_field()
    time_zone = zone_field()
    institution = Text(load_default="", most=60)
    agreed = Text(required=True, error_messages=dict.fromkeys(("required", "null"), _AGREE))

    @validates_schema(skip_on_field_errors=True)
    def _known_institution(self, data: dict[str, Any], **_: Any) -> None:
        if data["institution"] and institution_by_slug(data["institution"]) is None:
            raise ValidationError(gettext("Choose an institution from the list."), "institution")

    @post_load
    def _value(self, data: dict[str, Any], **_: Any) -> NewAccount:
        data.pop("agreed")
        return NewAccount(**data | {"institution": data["institution"] or None})


def account_from(form: Mapping[str, str], trusted_mail: str) -> NewAccount:
    """The new account. An address that the provider verified is not asked for, and none that is sent counts instead.

    Raises InvalidInput.
    """
    said = dict(form) | ({"email": trusted_mail} if trusted_mail else {})
    wanted: NewAccount = load(NewAccountForm(), said)
    return wanted
