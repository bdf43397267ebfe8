"""The forms of invitations: what is typed becomes typed values here."""

from __future__ import annotations

from collections.abc import Mapping

from ...foundation.http.schema import FormSchema, Text, load
from ..schemas import MailAddress, Password, language_field, zone_field
from ..values import Profile
from .rules import Guest


class GuestForm(FormSchema):
    email = MailAddress(required=True)
    name = Text(load_default="")
    language = language_field()


class AcceptForm(FormSchema):
    """Everything that the account of somebody invited begins with."""

    display_name = Text(required=True)
    latin_name = Text(load_default="")
    password = Password(required=True)
    language = language_field()
    time_zone = zone_field()


def guest_from(form: Mapping[str, str]) -> Guest:
    """Whom the liaison invites. Raises InvalidInput."""
    return Guest(**load(GuestForm(), form))


def account_from(form: Mapping[str, str]) -> tuple[Profile, str]:
    """Who somebody invited is, and their password. Raises InvalidInput."""
    data = load(AcceptForm(), form)
    password = data.pop("password")
    return Profile(**data, orcid=None), password
