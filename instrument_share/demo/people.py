"""Accounts of the demonstration: roles, not persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..identity.demo_accounts import PASSWORD
from ..identity.models import Institution, Person
from ..identity.rules import PROGRAMME, Role, Scope
from ..identity.services import create_account, grant_role

#: Where the researcher and the liaison of the demonstration are at home, and where the staff is.
PARTNER, HOST = "kaznu", "tsinghua"


@dataclass(frozen=True)
class People:
    """The accounts of the demonstration, and an applicant for every other university, by its slug."""

    researcher: Person
    manager: Person
    office: Person
    safety: Person
    programme: Person
    applicants: dict[str, Person]


def write_people(institutions: dict[str, Institution], at: datetime) -> People:
    """Make the accounts and give them their roles. Staff roles hold for the whole programme."""
    partner, host = institutions[PARTNER], institutions[HOST]
    own = Scope("institution", partner.id)
    researcher = _account("researcher", "Researcher, Almaty", partner, Role.RESEARCHER, own, at)
    _account("liaison", "Liaison, Almaty", partner, Role.LIAISON, own, at)
    staff = {
        name: _account(name, title, host, role, PROGRAMME, at)
        for name, title, role in (
            ("manager", "Facility manager", Role.FACILITY_MANAGER),
            ("international-office", "International office", Role.INTERNATIONAL_OFFICE),
            ("safety", "Safety officer", Role.SAFETY_OFFICER),
            ("programme", "Programme officer", Role.PROGRAMME_OFFICER),
            ("admin", "Administrator", Role.ADMINISTRATOR),
        )
    }
    applicants = {
        key: _applicant(institution, at)
        for key, institution in institutions.items()
        if key not in (PARTNER, HOST)
    }
    return People(
        researcher=researcher,
        manager=staff["manager"],
        office=staff["international-office"],
        safety=staff["safety"],
        programme=staff["programme"],
        applicants=applicants,
    )


def _account(
    name: str, title: str, institution: Institution, role: Role, scope: Scope, at: datetime
) -> Person:
    person = create_account(
        f"{name}@demo.example", PASSWORD, title,
        at=at, institution=institution, time_zone=institution.time_zone,
    )  # fmt: skip
    grant_role(person, role, scope, by=None, at=at)
    return person


def _applicant(institution: Institution, at: datetime) -> Person:
    """Somebody who books and never signs in: no password fits."""
    person = create_account(
        f"researcher-{institution.slug}@demo.example", None,
        f"Researcher, {institution.names['en']}",
        at=at, institution=institution, time_zone=institution.time_zone,
    )  # fmt: skip
    grant_role(person, Role.RESEARCHER, Scope("institution", institution.id), by=None, at=at)
    return person
