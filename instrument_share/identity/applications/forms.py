"""The forms of applications: what is typed becomes typed values here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from flask_babel import gettext, lazy_gettext
from marshmallow import ValidationError, fields

from ...foundation.http.schema import FormSchema, Text, load
from ...foundation.identifiers import normalize_ror
from ...foundation.languages import LANGUAGES
from ..rules import InstitutionKind
from ..schemas import zone_field
from .known import KnownInstitution
from .rules import is_public_mail, normalized_domain
from .values import Admission, ApplicationRequest

#: What CLDR lists beside the countries of ISO 3166-1.
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
#: Field of a name -> language. A name in English is asked of everybody.
NAMES = {f"name_{index}": language.tag for index, language in enumerate(LANGUAGES)}


def country_codes() -> list[str]:
    """ISO 3166-1 alpha-2 codes."""
    territories: list[str] = list(Locale("en").territories)
    codes = (code for code in territories if len(code) == 2 and code.isalpha())
    return sorted(code for code in codes if code not in _NO_COUNTRIES)


class Ror(Text):
    """A ROR id with right check digits (ISO 7064 mod 97-10), in its full form; empty is None."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str | None:  # type: ignore[override]
        text = super()._deserialize(value, attr, data, **more)
        found = normalize_ror(text) if text else None
        if text and not found:
            raise ValidationError(
                gettext(
                    "Check the ROR id: its check digits do not fit. It looks like https://ror.org/03cve4549."
                )
            )
        return found


class Website(Text):
    """The address of a public page, with its scheme."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if not _is_page(text):
            raise ValidationError(
                gettext("Write the address as in https://www.university.example/.")
            )
        return text


def _is_page(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that hold no IPv6 address
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "")


class MailDomains(Text):
    """Mail domains, separated by spaces, commas or lines."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> tuple[str, ...]:  # type: ignore[override]
        text = super()._deserialize(value, attr, data, **more)
        return tuple(dict.fromkeys(_domain(each) for each in text.replace(",", " ").split()))


def _domain(text: str) -> str:
    domain = normalized_domain(text)
    if domain is None:
        raise ValidationError(
            gettext("%(text)s is not a mail domain. Write it as in university.example.", text=text)
        )
    if is_public_mail(domain):
        raise ValidationError(
            gettext(
                "Anybody can have a mailbox at %(domain)s. Give the institution's own domain.",
                domain=domain,
            )
        )
    return domain


def _check_country(code: str) -> None:
    if code not in country_codes():
        raise ValidationError(gettext("Choose a country from the list."))


class _ApplicationForm(FormSchema):
    ror = Ror(load_default=None, most=60)
    country = fields.String(
        required=True,
        validate=_check_country,
        error_messages={"required": lazy_gettext("Choose a country from the list.")},
    )
    time_zone = zone_field()
    website = Website(required=True, most=300)
    mail_domains = MailDomains(required=True, most=500, lines=True)
    reason = Text(required=True, most=2000, lines=True)


def _name_in(tag: str) -> Text:
    return Text(required=True) if tag == "en" else Text(load_default="")


ApplicationForm = _ApplicationForm.from_dict(
    {field: _name_in(tag) for field, tag in NAMES.items()}, name="ApplicationForm"
)


class AdmissionForm(FormSchema):
    """As what an institution is admitted."""

    kind = fields.Enum(InstitutionKind, by_value=True, load_default=InstitutionKind.PARTNER)
    as_liaison = fields.Boolean(load_default=False)
    comment = Text(load_default="", most=2000, lines=True)


def application_from(form: Mapping[str, str]) -> ApplicationRequest:
    """What the institution says. Raises InvalidInput."""
    data = load(ApplicationForm(), form)
    names = {tag: data.pop(field) for field, tag in NAMES.items()}
    return ApplicationRequest(names={tag: name for tag, name in names.items() if name}, **data)


def admission_from(form: Mapping[str, str]) -> tuple[Admission, str]:
    """The admission, and the reason of whoever declines. Raises InvalidInput."""
    data = load(AdmissionForm(), form)
    return Admission(data["kind"], data["as_liaison"]), data["comment"]


def values_of(known: KnownInstitution | None) -> dict[str, str]:
    """What the form shows of an institution from the table."""
    if known is None:
        return {}
    names = {field: known.names.get(tag, "") for field, tag in NAMES.items()}
    return names | {
        "ror": known.ror,
        "country": known.country,
        "time_zone": known.time_zone,
        "website": known.website,
        "mail_domains": " ".join(known.mail_domains),
    }
