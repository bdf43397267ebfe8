"""What institutions, people and roles are called, and when a mail address is an institution's."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class InstitutionKind(StrEnum):
    HOST = "host"
    PARTNER = "partner"
    BOTH = "both"


class Verification(StrEnum):
    """How sure we are of a person: vouched by mail domain, liaison or OpenID Connect, or not yet."""

    UNVERIFIED = "unverified"
    VOUCHED = "vouched"


#: Where a role can hold, and where an office is asked, from the widest on.
SCOPE_KINDS = ("programme", "institution", "facility", "instrument")


class Role(StrEnum):
    RESEARCHER = "researcher"
    LIAISON = "liaison"
    OPERATOR = "operator"
    FACILITY_MANAGER = "facility_manager"
    SAFETY_OFFICER = "safety_officer"
    INTERNATIONAL_OFFICE = "international_office"
    PROGRAMME_OFFICER = "programme_officer"
    ADMINISTRATOR = "administrator"


def is_mail_of(email: str, domains: Iterable[str]) -> bool:
    """Whether a mail address belongs to one of an institution's domains or to a subdomain of one."""
    domain = email.rpartition("@")[2].lower()
    return any(domain == each or domain.endswith(f".{each}") for each in map(str.lower, domains))
