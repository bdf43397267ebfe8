"""What identity's faces take and give: the only place where outside data becomes typed values."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext, lazy_gettext
from marshmallow import ValidationError, fields, post_load, validate

from ..foundation.clock import is_zone
from ..foundation.http.schema import BaseSchema, Day, FormSchema, Instant, Text, one_sentence
from ..foundation.identifiers import normalize_orcid
from ..foundation.languages import LANGUAGES
from .common_passwords import TOO_COMMON, is_common
from .passwords import LONGEST, SHORTEST
from .queries import institution_by_slug
from .values import Absence, Profile, SignUp

_DAY = one_sentence(lazy_gettext("Choose a day of the calendar."))
_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class MailAddress(Text):
    """A mail address, folded to lower case (only a mail to it can tell whether it is one)."""

    def __init__(self, **more: Any) -> None:
        super().__init__(most=254, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more).lower()
        if not _MAIL.fullmatch(text):
            raise ValidationError(gettext("Write the address as in name@university.example."))
        return text


class Orcid(Text):
    """An ORCID iD with the right check digit (ISO 7064 mod 11-2), in its bare form; empty is None."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str | None:  # type: ignore[override]
        text = super()._deserialize(value, attr, data, **more)
        found = normalize_orcid(text) if text else None
        if text and not found:
            raise ValidationError(
                gettext(
                    "Check the ORCID iD: its check digit does not fit. It looks like 0000-0002-1825-0097."
                )
            )
        return found


class Password(fields.String):
    """A password as typed: nothing trimmed, no kind of character asked for; long enough, and not one that many use."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **more))
        if not SHORTEST <= len(text) <= LONGEST:
            raise ValidationError(
                gettext(
                    "Choose a password of %(shortest)s to %(longest)s characters, "
                    "such as a few words that only you combine.",
                    shortest=SHORTEST,
                    longest=LONGEST,
                )
            )
        if is_common(text):
            raise ValidationError(str(TOO_COMMON))
        return text


NO_ZONE = lazy_gettext("Choose your time zone.")


def zone_field() -> fields.String:
    return fields.String(
        required=True,
        validate=_check_zone,
        error_messages={"required": NO_ZONE},
    )


def _check_zone(name: str) -> None:
    if not is_zone(name):
        raise ValidationError(
            gettext("There is no such time zone. Choose one such as Asia/Almaty.")
        )


def language_field() -> fields.String:
    return fields.String(
        load_default="en",
        validate=validate.OneOf(
            [language.tag for language in LANGUAGES],
            error=lazy_gettext("Choose one of the languages of this site."),
        ),
    )


class SignInForm(FormSchema):
    email = Text(required=True, most=254)
    password = fields.String(
        required=True, error_messages={"required": lazy_gettext("Fill this in.")}
    )


class SignUpForm(FormSchema):
    """Everything that an account begins with."""

    email = MailAddress(required=True)
    password = Password(required=True)
    display_name = Text(required=True)
    latin_name = Text(load_default="")
    language = language_field()
    time_zone = fields.String(
        load_default="", validate=lambda name: _check_zone(name) if name else None
    )
    institution = Text(load_default="", most=60)
    orcid = Orcid(load_default="", most=60)

    @post_load
    def _value(self, data: dict[str, Any], **_: Any) -> SignUp:
        """Nothing chosen is the institution's zone, which is most people's own."""
        institution = institution_by_slug(data["institution"]) if data["institution"] else None
        if data["institution"] and institution is None:
            raise ValidationError(gettext("Choose an institution from the list."), "institution")
        zone = data["time_zone"] or (institution.time_zone if institution else "")
        if not zone:
            raise ValidationError(str(NO_ZONE), "time_zone")
        chosen = {"institution": data["institution"] or None, "orcid": data["orcid"] or None}
        return SignUp(**data | chosen | {"time_zone": zone})


class ProfileForm(FormSchema):
    display_name = Text(required=True)
    latin_name = Text(load_default="")
    language = language_field()
    time_zone = zone_field()
    orcid = Orcid(load_default="", most=60)
    desk_keys = fields.Boolean(load_default=None, truthy={"on"}, falsy={"off"})

    @post_load
    def _value(self, data: dict[str, Any], **_: Any) -> Profile:
        return Profile(**data | {"orcid": data["orcid"] or None})


class AbsenceForm(FormSchema):
    """Who stands in for somebody, in which role, from which day to which."""

    email = MailAddress(required=True)
    role = Text(load_default="", most=20)
    first_day = Day(required=True, error_messages=_DAY)
    last_day = Day(required=True, error_messages=_DAY)

    @post_load
    def _value(self, data: dict[str, Any], **_: Any) -> Absence:
        role = data["role"]
        if role and not (role.isascii() and role.isdigit()):
            raise ValidationError(
                gettext("Choose a role that you hold and that can be lent."), "role"
            )
        return Absence(
            data["email"], int(role) if role else None, data["first_day"], data["last_day"]
        )


class PasswordForm(FormSchema):
    present = fields.String(
        required=True, error_messages={"required": lazy_gettext("Fill this in.")}
    )
    wanted = Password(required=True)
    others_out = fields.Boolean(load_default=False)
    addresses = fields.Boolean(load_default=False)


class ForgottenForm(FormSchema):
    email = Text(required=True, most=254)


class NewPasswordForm(FormSchema):
    wanted = Password(required=True)
    addresses = fields.Boolean(load_default=False)


class EverywhereForm(FormSchema):
    addresses = fields.Boolean(load_default=False)


class TokenForm(FormSchema):
    label = Text(required=True, most=100)


class TokenRequest(BaseSchema):
    """Who asks for a token, and what it is to be called in the account."""

    email = Text(required=True, most=254)
    password = fields.String(
        required=True, error_messages={"required": lazy_gettext("Fill this in.")}
    )
    label = Text(load_default="API", most=100)
    otp = Text(load_default="", most=40)


class TokenOut(BaseSchema):
    """The token is told this once."""

    token = fields.String()
    expires_at = Instant()


class InstitutionOut(BaseSchema):
    slug = fields.String()
    name = fields.String()
    country = fields.String()
    ror = fields.String(allow_none=True)


class RoleOut(BaseSchema):
    role = fields.String()
    scope = fields.String(
        metadata={"description": "programme, institution, facility or instrument"}
    )
    id = fields.Integer(allow_none=True)


class AccountOut(BaseSchema):
    email = fields.String()
    name = fields.String()
    latin_name = fields.String()
    language = fields.String()
    time_zone = fields.String()
    orcid = fields.String(allow_none=True)
    verified = fields.Boolean(metadata={"description": "vouched for by a mail domain or a liaison"})
    institution = fields.Nested(InstitutionOut, allow_none=True)
    roles = fields.List(fields.Nested(RoleOut))
    calendar_url = fields.String(metadata={"description": "secret address of the private calendar"})
